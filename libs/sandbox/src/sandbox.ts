import { z } from 'zod';
import type { RunFolder } from './run-folder.js';

/**
 * Bounds of one command and of all that it starts. `cpuSeconds`, `fileSizeMb` and the private memory of `memoryMb` hold for
 * each process by rlimit; memory and processes also for all together (cgroup, or looked at ten times a second).
 */
export const SandboxLimits = z.object({
  wallMs: z.int().positive(),
  cpuSeconds: z.int().positive(),
  memoryMb: z.int().positive(),
  /** Threads count: the kernel makes no difference. */
  processes: z.int().positive(),
  fileSizeMb: z.int().positive(),
  /** A command that prints more, on stdout and stderr together, is stopped. */
  outputBytes: z.int().positive(),
  /** What is kept of the end of stdout and of stderr, each. */
  keptOutputBytes: z.int().positive(),
  /** For the worktree, and again for `/tmp`; the home and shared memory have a quarter of it each. */
  diskMb: z.int().positive(),
  /** How many files and folders the worktree may hold, and again `/tmp`. */
  files: z.int().positive(),
});
export type SandboxLimits = z.infer<typeof SandboxLimits>;

export const StopReason = z.enum(['time', 'memory', 'output', 'disk', 'processes', 'aborted']);
export type StopReason = z.infer<typeof StopReason>;

export const Driver = z.enum(['bwrap', 'none']);
export type Driver = z.infer<typeof Driver>;

/** The evidence that stays of a run: what it ran in, within which bounds, and how it ended. */
export const ExecutionRecord = z.object({
  driver: Driver,
  /** SHA-256 of how the driver shuts a command in; the same for all commands of one release and driver. */
  profile: z.string(),
  limits: SandboxLimits,
  /** Null where a signal ended it. */
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  /** Why it was ended from outside; null where it ended by itself or by a signal of its own. */
  stopped: StopReason.nullable(),
  durationMs: z.number().nonnegative(),
  /** What it printed in all, and the SHA-256 of what was read of that: stdout, then stderr. */
  outputBytes: z.int().nonnegative(),
  outputSha256: z.string(),
});
export type ExecutionRecord = z.infer<typeof ExecutionRecord>;

/** What a command came to. `stdout` and `stderr` are the ends of what was printed, `isOutputCut` says whether more was. */
export interface Execution {
  readonly record: ExecutionRecord;
  readonly stdout: string;
  readonly stderr: string;
  readonly isOutputCut: boolean;
}

/**
 * A file or folder of this machine that a command may see; `at` is where it finds it, by default at the same path. A unix
 * socket in such a folder can be called: there is no other way out.
 */
export interface ReadOnlyPlace {
  readonly from: string;
  readonly at?: string;
}

/** A folder of this machine that a command finds within its worktree, and cannot write. Only the driver `bwrap` can show one. */
export interface PreparedFolder {
  readonly from: string;
  /** Where in the worktree: a relative path such as `node_modules`. */
  readonly over: string;
  /** Folders in it, as relative paths, that are there and stand empty for the command to write, in memory. */
  readonly scratch: readonly string[];
}

/** What a command sees of this machine, beside the system's own programs. */
export interface SandboxView {
  readonly folder: RunFolder;
  readonly readOnly: readonly ReadOnlyPlace[];
  /** Folders of this machine that it may write to as well, each because an operator said so. */
  readonly writable?: readonly ReadOnlyPlace[];
  readonly prepared?: readonly PreparedFolder[];
}

export interface SandboxCommand extends SandboxView {
  /** The program and its arguments. Paths are those of inside: see `Sandbox.inside`. */
  readonly argv: readonly [string, ...string[]];
  /** Beside PATH, HOME, TMPDIR and LANG, which it may replace. Nothing is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  readonly limits: SandboxLimits;
}

/** Runs commands that nobody trusts, in the `work` folder of their run folder. */
export interface Sandbox {
  readonly driver: Driver;
  /** Where a command with this view finds a path of this machine. */
  inside(view: SandboxView, path: string): string;
  /**
   * Runs a command to its end, to a limit or to the abort of `signal`; nothing of it lives on then. What happens to the
   * command is told, not thrown. Throws BatonError `sandbox-failed` where it could not be started, and `place-taken` where an
   * earlier command left something else in the place of a prepared folder.
   */
  run(command: SandboxCommand, signal: AbortSignal): Promise<Execution>;
}

/** @returns the environment of a command; nothing of the service's own is in it */
export const baseEnvironment = (home: string, tmp: string): Readonly<Record<string, string>> => ({
  PATH: '/usr/bin:/bin',
  HOME: home,
  TMPDIR: tmp,
  LANG: 'C.UTF-8',
});
