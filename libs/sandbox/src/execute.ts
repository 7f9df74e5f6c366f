import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import type { Writable } from 'node:stream';
import { BatonError } from '@baton/contracts';
import { type KeptOutput, keepOutput } from './kept-output.js';
import type { Driver, Execution, SandboxLimits, StopReason } from './sandbox.js';
import { kill } from './signal.js';
import { watchUse } from './watch.js';

/** How long after the end the pipes may stay open: something that escaped could hold them for ever. */
const PIPE_GRACE_MS = 500;

/** A command of a driver, ready to be started. */
export interface Launch {
  readonly driver: Driver;
  readonly profile: string;
  readonly argv: readonly [string, ...string[]];
  /** Of the first process, which is ours. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly user: { readonly uid?: number; readonly gid?: number };
  readonly limits: SandboxLimits;
  readonly work: string;
  /** Pipes beyond the usual three, in their order from 3 on. */
  readonly pipes: number;
  /** Shell words that are done by the first process, before everything. */
  readonly before: string;
  readonly memoryFolders: () => readonly string[];
  readonly onStarted: (child: ChildProcess) => void;
  /** Beside the process group, which is ended anyway. */
  readonly onStop: () => void;
  /** Called at the end of the first process; resolves when nothing of the command lives any more. */
  readonly settle: (child: ChildProcess) => Promise<void>;
  /** Bounds that the kernel has seen passed. */
  readonly passed: () => Promise<StopReason | null>;
  /** A shell or sandbox above the program tells by an exit code above 128 that a signal ended it. */
  readonly tellsSignals: boolean;
}

/** The usual shell of Debian knows descriptors of one digit only. */
export const SHELL = existsSync('/bin/bash') ? '/bin/bash' : '/bin/sh';

/** What the service itself was started with open would be open in the command, too: Node closes only what it opened. */
const closeInherited = (pipes: number): string => {
  const kept = ['0', '1', '2', ...Array.from({ length: pipes }, (_, index) => `${index + 3}`), "'*'"].join('|');
  return `for fd in /proc/self/fd/*; do fd=\${fd##*/}; case $fd in ${kept}) ;; ${SHELL.endsWith('bash') ? '*' : '?'}) eval "exec $fd>&-";; esac; done`;
};

/** Starts it, holds it to its bounds, and comes back when nothing of it is left. Throws `sandbox-failed`. */
export async function execute(
  launch: Launch,
  signal: AbortSignal,
  monotonicMs: () => number = () => performance.now(),
): Promise<Execution> {
  const { limits } = launch;
  const startedMs = monotonicMs();
  const script = `${closeInherited(launch.pipes)}\n${launch.before}\nexec "$@"`;
  const child = spawn(SHELL, ['-c', script, 'sh', ...launch.argv], {
    ...launch.user,
    cwd: launch.cwd,
    env: { ...launch.env },
    stdio: ['ignore', 'pipe', 'pipe', ...Array.from({ length: launch.pipes }, () => 'pipe' as const)],
    // Its own process group (and session): what it starts can be ended with it.
    detached: true,
  });
  const ended = endOf(child);
  let stopped: StopReason | null = null;
  const stop = (reason: StopReason): void => {
    stopped ??= reason;
    endGroup(child.pid);
    launch.onStop();
  };
  const printedBytes = (): number => stdout.bytes() + stderr.bytes();
  const onBytes = (): void => {
    if (printedBytes() > limits.outputBytes) stop('output');
  };
  const stdout = keepOutput(child.stdout, limits.keptOutputBytes, onBytes);
  const stderr = keepOutput(child.stderr, limits.keptOutputBytes, onBytes);
  const timer = setTimeout(() => stop('time'), limits.wallMs);
  const onAbort = (): void => stop('aborted');
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const { work, memoryFolders, passed } = launch;
  const watch = watchUse({ pid: child.pid ?? 0, work, memoryFolders, limits, passed }, stop);
  try {
    launch.onStarted(child);
    const ending = await ended;
    const durationMs = monotonicMs() - startedMs;
    await launch.settle(child);
    await pipesClosed(child);
    await watch.stop();
    const { exitCode, killedBy } = launch.tellsSignals ? withinShell(ending) : ending;
    // What met a bound and lived with it has ended well.
    if (exitCode !== 0) stopped ??= await launch.passed();
    if (await watch.isWorkOverfull()) stopped ??= 'disk';
    const record = {
      driver: launch.driver,
      profile: launch.profile,
      limits,
      exitCode,
      signal: killedBy,
      stopped,
      durationMs: Math.round(durationMs),
      outputBytes: printedBytes(),
      outputSha256: hashOf(stdout, stderr),
    };
    return { record, stdout: stdout.text(), stderr: stderr.text(), isOutputCut: stdout.isCut() || stderr.isCut() };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    await watch.stop();
  }
}

interface Ending {
  readonly exitCode: number | null;
  readonly killedBy: string | null;
}

const endOf = (child: ChildProcess): Promise<Ending> =>
  new Promise((resolve, reject) => {
    child.once('error', (cause) =>
      reject(
        new BatonError(`A command could not be started: ${cause.message}.`, {
          code: 'sandbox-failed',
          next: 'See what `baton doctor` says of the sandbox.',
          cause,
        }),
      ),
    );
    child.once('exit', (exitCode, killedBy) => resolve({ exitCode, killedBy }));
  });

function withinShell({ exitCode, killedBy }: Ending): Ending {
  const number = (exitCode ?? 0) - 128;
  const signal = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  return signal === undefined ? { exitCode, killedBy } : { exitCode: null, killedBy: signal };
}

const hashOf = (...outputs: readonly KeptOutput[]): string =>
  outputs.reduce((hash, output) => hash.update(output.sha256()), createHash('sha256')).digest('hex');

export function endGroup(pid: number | undefined): void {
  if (pid !== undefined) kill(-pid);
}

/** All that was written is read, unless something that escaped still holds a pipe. */
async function pipesClosed(child: ChildProcess): Promise<void> {
  const open = [child.stdout, child.stderr].filter((stream) => stream !== null && !stream.closed);
  if (open.length > 0)
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PIPE_GRACE_MS);
      child.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  for (const stream of child.stdio) stream?.destroy();
}

/** Hands something to a pipe of the command; who does not read it has ended, which is told elsewhere. */
export function feed(stream: unknown, bytes: Uint8Array): void {
  if (!isWritable(stream)) return;
  stream.on('error', () => {});
  stream.end(bytes);
}

const isWritable = (stream: unknown): stream is Writable =>
  typeof stream === 'object' && stream !== null && 'write' in stream && 'end' in stream;
