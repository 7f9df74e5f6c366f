import { chmod, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type HostRule, parseHostRule, rulesWithin } from '@baton/outbound';
import {
  type Execution,
  openRunFolder,
  type ReadOnlyPlace,
  type RunFolder,
  type Sandbox,
  type SandboxLimits,
} from '@baton/sandbox';
import { type BlobStore, materialise, type Tree } from '@baton/workspace';
import type { DeploySection } from '../checks/deploy-section.js';
import { writeCertificates } from '../set-up/certificates.js';
import { type NetworkRecord, networkRecordOf } from '../set-up/record.js';
import type { NetworkSettings } from '../set-up/settings.js';
import { withWayOut } from '../set-up/way-out.js';
import { withRoomFor } from '../validator/tools/on-copy.js';
import { DEFAULT_LIMITS } from '../validator/tools/run-tools.js';
import { type Credentials, shellLines } from './credentials.js';

/** Where a command finds the folder that it may write to. */
const TARGET = '/deploy';

export interface DeployTools {
  readonly sandbox: Sandbox;
  readonly toolchain: readonly ReadOnlyPlace[];
  readonly store: BlobStore;
  readonly tmpDir: string;
  readonly now: () => Date;
  /** The folder of the operator that it may write to; null where there is none. */
  readonly target: string | null;
  readonly network: DeployNetwork;
}

/** What the operator lets commands reach, and how. */
export interface DeployNetwork extends NetworkSettings {
  readonly allowed: readonly HostRule[];
}

/** A version laid out in a folder of its own, and its command ready to be run. */
interface ReadyDeploy {
  readonly run: (signal: AbortSignal) => Promise<DeployRun>;
}

interface DeployRun {
  readonly execution: Execution;
  /** What it reached; null where it had no way out. */
  readonly network: NetworkRecord | null;
}

/** The hosts that a command wants, as far as the operator lets deployments reach them. */
export const hostsAllowed = (hosts: readonly string[], { allowed }: DeployNetwork): readonly HostRule[] =>
  rulesWithin(
    hosts.flatMap((text) => parseHostRule(text) ?? []),
    allowed,
  );

/**
 * Lays a version out, opens the way to its hosts, and lets `work` run its command. The folder is gone afterwards, and what it
 * may have with it.
 */
export async function withDeploy<T>(
  tree: Tree,
  section: DeploySection,
  given: Credentials,
  tools: DeployTools,
  work: (ready: ReadyDeploy) => Promise<T>,
): Promise<T> {
  const { sandbox, toolchain, target, network } = tools;
  const { command, timeoutSeconds, hosts } = section;
  const folder = await openRunFolder(tools.tmpDir, tools.now());
  try {
    await materialise(tree, folder.work, tools.store);
    const credentials = await writeCredentials(folder, given);
    const shown = {
      ...{ folder, readOnly: toolchain },
      ...(target === null ? {} : { writable: [{ from: target, at: TARGET }] }),
    };
    const inside = (path: string): string => sandbox.inside(shown, path);
    const certificates = join(folder.own, 'certificates.pem');
    const trusted =
      hosts.length === 0 ? {} : await writeCertificates(certificates, network.certificates, inside(certificates));
    await folder.handOver();
    const script = '. "$1" && exec /bin/sh -c "$2"';
    const argv = ['/bin/sh', '-c', script, 'sh', inside(credentials), command] as const;
    const env = {
      PATH: `${dirname(inside(process.execPath))}:/usr/bin:/bin`,
      TZ: 'UTC',
      ...(target === null ? {} : { BATON_DEPLOY_DIR: inside(target) }),
    };
    const shut = { ...shown, argv, env, limits: limitsFor(tree, timeoutSeconds) };
    if (hosts.length === 0)
      return await work({ run: async (signal) => ({ execution: await sandbox.run(shut, signal), network: null }) });
    const way = { hosts: hostsAllowed(hosts, network), settings: network, now: tools.now };
    return await withWayOut(way, (out) => {
      const view = { ...shut, readOnly: [...toolchain, ...out.places] };
      const open = {
        ...view,
        argv: out.through((path) => sandbox.inside(view, path), argv),
        // Node's own `fetch` looks for a proxy only where it is told so.
        env: { ...env, ...trusted, NODE_USE_ENV_PROXY: '1' },
      };
      return work({
        run: async (signal) => {
          const execution = await sandbox.run(open, signal);
          return { execution, network: networkRecordOf(out.report()) };
        },
      });
    });
  } finally {
    await folder.remove();
  }
}

/** Only whoever the command runs as may read it. */
async function writeCredentials({ own }: RunFolder, given: Credentials): Promise<string> {
  const path = join(own, 'deploy.env');
  await writeFile(path, shellLines(given), { mode: 0o600 });
  await chmod(path, 0o600);
  return path;
}

const limitsFor = (tree: Tree, timeoutSeconds: number): SandboxLimits => ({
  ...withRoomFor(tree, DEFAULT_LIMITS),
  wallMs: timeoutSeconds * 1_000,
  cpuSeconds: timeoutSeconds,
});
