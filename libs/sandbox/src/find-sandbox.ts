import { existsSync } from 'node:fs';
import { z } from 'zod';
import { accountOfCommands, SETPRIV } from './account.js';
import { bwrapSandbox } from './bwrap/bwrap-driver.js';
import { findCgroups } from './bwrap/cgroup.js';
import { findIsolation, NO_ISOLATION } from './none/isolation.js';
import { endOrphans } from './none/kill-run.js';
import { bareSandbox } from './none/none-driver.js';
import { openRunFolder } from './run-folder.js';
import type { Execution, ReadOnlyPlace, Sandbox, SandboxLimits } from './sandbox.js';
import { adviceFor } from './sandbox-advice.js';

/** BATON_SANDBOX: `bwrap` executes nothing without one; `none` executes everything, without one. */
export const SandboxSetting = z.enum(['bwrap', 'none'], 'expected bwrap or none');
export type SandboxSetting = z.infer<typeof SandboxSetting>;

export interface SandboxRequest {
  readonly setting: SandboxSetting | undefined;
  readonly tmpDir: string;
  /** Folders with secrets of ours, which are emptied where there is no sandbox and the machine can. */
  readonly hidden: readonly string[];
  /** What commands are made of: each has to be found by a command before the sandbox counts as working. */
  readonly toolchain: readonly ReadOnlyPlace[];
  readonly now: () => Date;
  readonly newMark: () => string;
}

/** What commands are run in here, and whose code may be. */
export interface SandboxChoice {
  readonly sandbox: Sandbox;
  /** `trusted`: only what comes from scripts of this repository. */
  readonly executes: 'anything' | 'trusted' | 'nothing';
  /** One line for people: the driver and what holds, or why there is none. */
  readonly summary: string;
  /** What to do, where there is no sandbox; null where there is nothing to do. */
  readonly next: string | null;
  /** Said in every result of what was executed here; null in a sandbox. */
  readonly warning: string | null;
}

/** What went wrong, and what to install or allow. */
interface NoSandbox {
  readonly reason: string;
  readonly next: string;
}

const PROBE_LIMITS: SandboxLimits = {
  wallMs: 10_000,
  cpuSeconds: 10,
  memoryMb: 512,
  processes: 64,
  fileSizeMb: 1,
  outputBytes: 64 * 1024,
  keptOutputBytes: 4096,
  diskMb: 16,
  files: 1000,
};

/** Tries what this machine can do by doing it. Fails closed: what cannot be shut in is not executed, unless it was said so. */
export async function findSandbox(request: SandboxRequest): Promise<SandboxChoice> {
  const { setting } = request;
  await endOrphans(request.now());
  if (setting === 'none') {
    const warning = 'It was executed without a sandbox, because BATON_SANDBOX=none says so.';
    const summary = 'none: everything is executed, with the network and the rights of this user';
    const bare = await findBare(request);
    return bare === null
      ? ONLY_ROOT
      : { sandbox: bare, executes: 'anything', summary, next: 'Unset BATON_SANDBOX.', warning };
  }
  const found = await findBwrap(request);
  if ('sandbox' in found) {
    const sums = found.hasCgroups ? 'memory and processes held by a cgroup' : 'memory and processes watched, no cgroup';
    return {
      sandbox: found.sandbox,
      executes: 'anything',
      summary: `bwrap, with ${sums}`,
      next: null,
      warning: null,
    };
  }
  const bare = await findBare(request);
  if (bare === null) return ONLY_ROOT;
  return {
    sandbox: bare,
    executes: setting === 'bwrap' ? 'nothing' : 'trusted',
    summary: `there is no sandbox: ${found.reason}`,
    next: `${found.next} Or set BATON_SANDBOX=none to execute what a model wrote without one.`,
    warning: 'It was executed without a sandbox: it is the offline model’s own code.',
  };
}

const ONLY_ROOT: SandboxChoice = {
  sandbox: bareSandbox(NO_ISOLATION, () => ''),
  executes: 'nothing',
  summary: 'the service is root, and a command could only be root, too',
  next: 'Run it as another user, or install setpriv: apt-get install util-linux.',
  warning: null,
};

async function findBare({ tmpDir, hidden, toolchain, newMark }: SandboxRequest): Promise<Sandbox | null> {
  const needed = toolchain.map(({ from }) => from);
  const isolation = await findIsolation({ tmpDir, hidden, needed });
  return isolation === null ? null : bareSandbox(isolation, newMark);
}

/** Where Debian, Fedora, Alpine and NixOS have them. */
const FOLDERS = ['/usr/bin', '/bin', '/usr/local/bin', '/run/current-system/sw/bin'];

const programAt = (name: string): string | null =>
  FOLDERS.map((folder) => `${folder}/${name}`).find((path) => existsSync(path)) ?? null;

/** Really runs a command that looks for all that commands need, and for what it must not find. */
async function findBwrap(
  request: SandboxRequest,
): Promise<{ readonly sandbox: Sandbox; readonly hasCgroups: boolean } | NoSandbox> {
  if (process.platform !== 'linux')
    return {
      reason: `bubblewrap is for Linux, and this is ${process.platform}`,
      next: 'Run validator and programmer on Linux, for example in a container (docs/sandbox.md).',
    };
  const [bwrap, prlimit] = [programAt('bwrap'), programAt('prlimit')];
  if (bwrap === null) return { reason: 'bubblewrap is not installed', next: 'Install it: apt-get install bubblewrap.' };
  if (prlimit === null || (accountOfCommands() !== null && !existsSync(SETPRIV)))
    return { reason: 'prlimit or setpriv is missing', next: 'Install them: apt-get install util-linux.' };
  // With control groups first: where they do not work after all, bubblewrap may.
  let failed = '';
  for (const cgroups of [await findCgroups(), null]) {
    const sandbox = bwrapSandbox({ bwrap, prlimit, cgroups });
    const { record, stdout, stderr } = await probe(sandbox, request);
    if (record.exitCode === 0) return { sandbox, hasCgroups: cgroups !== null };
    failed = `${stderr}\n${stdout}`.trim().split('\n').at(-1) ?? '';
    if (cgroups === null) break;
  }
  return adviceFor(failed);
}

async function probe(sandbox: Sandbox, { tmpDir, now, toolchain }: SandboxRequest): Promise<Execution> {
  const folder = await openRunFolder(tmpDir, now());
  try {
    await folder.handOver();
    const view = { folder, readOnly: toolchain };
    const script =
      'for path; do test -r "$path" || { echo "a command cannot read $path"; exit 1; }; done; touch written && ! touch /usr/written 2>/dev/null';
    const paths = toolchain.map(({ from }) => sandbox.inside(view, from));
    const argv = ['/bin/sh', '-c', script, 'sh', ...paths] as const;
    return await sandbox.run({ ...view, argv: [...argv], limits: PROBE_LIMITS }, new AbortController().signal);
  } finally {
    await folder.remove();
  }
}
