import { join } from 'node:path';
import type { HostRule, ProxyReport } from '@baton/outbound';
import type { Execution, ReadOnlyPlace, RunFolder, Sandbox, SandboxLimits } from '@baton/sandbox';
import { type BlobStore, materialise, type Tree } from '@baton/workspace';
import type { SetUp } from '../checks/check.js';
import { writeCertificates } from './certificates.js';
import { setUpEnvironment } from './environment.js';
import type { Program } from './program.js';
import { writePrograms } from './programs.js';
import type { SetUpSettings } from './settings.js';
import { withWayOut } from './way-out.js';

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
  return withWayOut({ hosts: run.hosts, settings, now }, async (out) => {
    const places = [...run.toolchain, ...run.programs.map(({ place }) => place), ...out.places];
    const view = { folder, readOnly: places };
    const inside = (path: string): string => sandbox.inside(view, path);
    await writePrograms(join(folder.own, 'bin'), run.programs, inside);
    const certificates = join(folder.own, 'certificates.pem');
    const trusted = await writeCertificates(certificates, settings.certificates, inside(certificates));
    await folder.handOver();
    const path = [join(folder.own, 'bin'), ...run.programFolders].map(inside);
    const execution = await sandbox.run(
      {
        ...view,
        argv: out.through(inside, ['/bin/sh', '-c', setUp.command]),
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
    return { execution, network: out.report() };
  });
}
