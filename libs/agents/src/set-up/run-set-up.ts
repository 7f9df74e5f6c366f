import { chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type HostRule, openProxy, type ProxyReport } from '@baton/outbound';
import {
  type Execution,
  openRunFolder,
  type ReadOnlyPlace,
  type RunFolder,
  type Sandbox,
  type SandboxLimits,
} from '@baton/sandbox';
import { type BlobStore, materialise, type Tree } from '@baton/workspace';
import type { SetUp } from '../checks/check.js';
import { writeCertificates } from './certificates.js';
import { setUpEnvironment } from './environment.js';
import { type Program, writePrograms } from './programs.js';
import type { SetUpSettings } from './settings.js';

/** What a set-up may take. Packages are many files, and large ones. */
export const SET_UP_LIMITS: SandboxLimits = {
  wallMs: 600_000,
  cpuSeconds: 600,
  memoryMb: 4096,
  processes: 512,
  fileSizeMb: 512,
  outputBytes: 8 * 1024 * 1024,
  keptOutputBytes: 64 * 1024,
  diskMb: 2048,
  files: 300_000,
};

/** In both directions together. */
const MOST_TRANSFER_BYTES = 2 * 2 ** 30;

export interface SetUpRun {
  readonly setUp: SetUp;
  readonly sees: Tree;
  readonly store: BlobStore;
  readonly hosts: readonly HostRule[];
  readonly sandbox: Sandbox;
  readonly toolchain: readonly ReadOnlyPlace[];
  readonly programs: readonly Program[];
  /** Folders with programs, of this machine. */
  readonly programFolders: readonly string[];
  readonly settings: SetUpSettings;
  readonly limits: SandboxLimits;
  readonly now: () => Date;
}

/**
 * Runs a set-up where it sees its own files and nothing else, and reaches its hosts and nothing else.
 *
 * @param folder of the run; what it filled lies in its `work` afterwards
 */
export async function runSetUp(
  run: SetUpRun,
  folder: RunFolder,
  signal: AbortSignal,
): Promise<{ readonly execution: Execution; readonly network: ProxyReport }> {
  const { setUp, settings, sandbox, now } = run;
  await materialise(run.sees, folder.work, run.store);
  // Apart, and short: the path of a socket may have a hundred characters only.
  const door = await openRunFolder(tmpdir(), now());
  try {
    const socket = join(door.own, 'socket');
    const proxy = await openProxy(socket, {
      allowed: run.hosts,
      ownNetwork: settings.ownNetwork,
      resolve: settings.resolve,
      upstream: settings.upstream,
      maxBytes: MOST_TRANSFER_BYTES,
    });
    try {
      await chmod(socket, 0o666);
      const places = [...run.toolchain, ...run.programs.map(({ place }) => place), { from: FORWARD }];
      const view = { folder, readOnly: [...places, { from: door.own, at: DOOR }] };
      const inside = (path: string): string => sandbox.inside(view, path);
      await writePrograms(join(folder.own, 'bin'), run.programs, inside);
      const certificates = join(folder.own, 'certificates.pem');
      const trusted = await writeCertificates(certificates, settings.certificates, inside(certificates));
      await folder.handOver();
      await door.handOver();
      const path = [join(folder.own, 'bin'), ...run.programFolders].map(inside);
      const execution = await sandbox.run(
        {
          ...view,
          argv: [inside(process.execPath), inside(FORWARD), `${DOOR}/socket`, setUp.command],
          env: {
            ...setUpEnvironment(inside(folder.work)),
            ...settings.registries,
            ...trusted,
            PATH: [...path, '/usr/bin', '/bin'].join(':'),
          },
          limits: { ...run.limits, wallMs: setUp.timeoutMs, cpuSeconds: Math.ceil(setUp.timeoutMs / 1_000) },
        },
        signal,
      );
      return { execution, network: proxy.report() };
    } finally {
      await proxy.close();
    }
  } finally {
    await door.remove();
  }
}

/** Where the command finds the way out. */
const DOOR = '/run/baton';
const FORWARD = fileURLToPath(new URL(`./children/forward${extname(fileURLToPath(import.meta.url))}`, import.meta.url));
