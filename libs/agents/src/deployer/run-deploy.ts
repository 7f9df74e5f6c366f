import { chmod, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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
}

/** A version laid out in a folder of its own, and its command ready to be run. */
interface ReadyDeploy {
  readonly run: (signal: AbortSignal) => Promise<Execution>;
}

/** Lays a version out, and lets `work` run its command. The folder is gone afterwards, and what it may have with it. */
export async function withDeploy<T>(
  tree: Tree,
  { command, timeoutSeconds }: DeploySection,
  given: Credentials,
  tools: DeployTools,
  work: (ready: ReadyDeploy) => Promise<T>,
): Promise<T> {
  const { sandbox, toolchain, target } = tools;
  const folder = await openRunFolder(tools.tmpDir, tools.now());
  try {
    await materialise(tree, folder.work, tools.store);
    const credentials = await writeCredentials(folder, given);
    await folder.handOver();
    const view = {
      folder,
      readOnly: toolchain,
      ...(target === null ? {} : { writable: [{ from: target, at: TARGET }] }),
    };
    const inside = (path: string): string => sandbox.inside(view, path);
    const script = '. "$1" && exec /bin/sh -c "$2"';
    return await work({
      run: (signal) =>
        sandbox.run(
          {
            ...view,
            argv: ['/bin/sh', '-c', script, 'sh', inside(credentials), command],
            env: {
              PATH: `${dirname(inside(process.execPath))}:/usr/bin:/bin`,
              TZ: 'UTC',
              ...(target === null ? {} : { BATON_DEPLOY_DIR: inside(target) }),
            },
            limits: limitsFor(tree, timeoutSeconds),
          },
          signal,
        ),
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
