import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { type Isolation, isolated } from './isolation.js';
import { killRun } from './kill-run.js';

/** Bounds of one child process and what it starts. The first three hold for each process; see README.md on macOS. */
export interface ProcessLimits {
  readonly cpuSeconds: number;
  /** Private writable memory (RLIMIT_DATA). */
  readonly memoryBytes: number;
  /** The largest file it may write. */
  readonly fileBytes: number;
  readonly wallMs: number;
  /** What is kept of stdout and of stderr, each. */
  readonly keptOutputBytes: number;
  /** A process that prints more than this is stopped. */
  readonly maxOutputBytes: number;
}

export interface ProcessRequest {
  readonly file: string;
  readonly args: readonly string[];
  /** `work` below the folder of the run. */
  readonly cwd: string;
  readonly isolation: Isolation;
  /** The whole environment: nothing of ours is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Stands in the environment of everything the process starts, so that it can be found and ended. */
  readonly runMark: string;
  readonly limits: ProcessLimits;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicMs: () => number;
}

type Stopped = 'time-limit' | 'output-limit' | 'aborted';

export interface ProcessOutcome {
  readonly exitCode: number | null;
  readonly killedBy: string | null;
  /** Why it was ended from here, or null where it ended by itself. */
  readonly stopped: Stopped | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly isOutputCut: boolean;
  readonly durationMs: number;
}

/** How long after the end the pipes may stay open: something that escaped could hold them for ever. */
const PIPE_GRACE_MS = 500;

/** The name of the variable that carries the run's mark. */
const RUN_MARK = 'BATON_TOOL_RUN';

/**
 * Runs a program to its end, its limit or the abort of `signal`; then nothing it started is left alive (with the
 * exceptions README.md names). Throws where the program cannot be started.
 */
export async function runProcess(request: ProcessRequest, signal: AbortSignal): Promise<ProcessOutcome> {
  const { limits, monotonicMs, runMark } = request;
  const startedMs = monotonicMs();
  const limited = [SHELL, '-c', limitScript(limits), request.file, ...request.args];
  const { file, args, user } = await isolated(request.isolation, dirname(request.cwd), limited);
  const child = spawn(file, args, {
    ...user,
    cwd: request.cwd,
    env: { ...request.env, [RUN_MARK]: runMark },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its own process group (and session): what it starts can be ended with it.
    detached: true,
  });

  let stopped: Stopped | null = null;
  const stop = (reason: Stopped): void => {
    stopped ??= reason;
    endGroup(child.pid);
  };
  const printed = { bytes: 0 };
  const onChunk = (bytes: number): void => {
    printed.bytes += bytes;
    if (printed.bytes > limits.maxOutputBytes) stop('output-limit');
  };
  const stdout = keepOutput(child.stdout, limits.keptOutputBytes, onChunk);
  const stderr = keepOutput(child.stderr, limits.keptOutputBytes, onChunk);
  const timer = setTimeout(() => stop('time-limit'), limits.wallMs);
  const onAbort = (): void => stop('aborted');
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();

  try {
    const ending = await new Promise<[number | null, string | null]>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, killer) => resolve([code, killer]));
    });
    const durationMs = monotonicMs() - startedMs;
    endGroup(child.pid);
    await killRun(`${RUN_MARK}=${runMark}`);
    await pipesClosed(child);
    const isOutputCut = stdout.isCut() || stderr.isCut();
    const [exitCode, killedBy] = request.isolation.namespaces === null ? ending : withinShell(ending);
    return { exitCode, killedBy, stopped, stdout: stdout.text(), stderr: stderr.text(), isOutputCut, durationMs };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

/** A shell above the program says by its own exit code that a signal ended it. */
function withinShell([exitCode, killedBy]: readonly [number | null, string | null]): [number | null, string | null] {
  const number = (exitCode ?? 0) - 128;
  const signal = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  return signal === undefined ? [exitCode, killedBy] : [null, signal];
}

/** The usual shell of Debian knows descriptors of one digit only. */
const SHELL = existsSync('/bin/bash') ? '/bin/bash' : '/bin/sh';

/** What the validator itself was started with open would be open in the child, too: Node closes only what it opened. */
const CLOSE_INHERITED = `for fd in /proc/self/fd/*; do fd=\${fd##*/}; case $fd in 0|1|2|'*') ;; ${SHELL.endsWith('bash') ? '*' : '?'}) eval "exec $fd>&-";; esac; done`;

/**
 * `ulimit` of the shell works on every system that has one, where `prlimit` is Linux only. A limit the system refuses
 * (macOS knows no data limit; the hard limit may be lower already) is tried in a subshell first and then left as it is.
 */
function limitScript(limits: ProcessLimits): string {
  const wanted = [
    '-c 0',
    `-t ${limits.cpuSeconds}`,
    `-f ${Math.ceil(limits.fileBytes / 512)}`,
    `-d ${Math.ceil(limits.memoryBytes / 1024)}`,
  ];
  const set = wanted.map((limit) => `(ulimit ${limit}) 2>/dev/null && ulimit ${limit}`);
  return `${CLOSE_INHERITED}; ${set.join('; ')}; exec "$0" "$@"`;
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: the group is gone already. macOS answers EPERM for a group of zombies.
    if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))) throw error;
  }
}

function keepOutput(stream: NodeJS.ReadableStream, maxBytes: number, onChunk: (bytes: number) => void) {
  const chunks: Buffer[] = [];
  let keptBytes = 0;
  let isCut = false;
  stream.on('data', (chunk: Buffer) => {
    onChunk(chunk.length);
    const room = maxBytes - keptBytes;
    if (room > 0) chunks.push(chunk.subarray(0, room));
    keptBytes += Math.min(room, chunk.length);
    isCut ||= chunk.length > room;
  });
  return { text: () => Buffer.concat(chunks).toString('utf8'), isCut: () => isCut };
}

/** All that was written is read, unless something that escaped still holds a pipe. */
async function pipesClosed(child: ReturnType<typeof spawn>): Promise<void> {
  const open = [child.stdout, child.stderr].filter((stream) => stream !== null && !stream.closed);
  if (open.length === 0) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, PIPE_GRACE_MS);
    child.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  for (const stream of open) stream?.destroy();
}
