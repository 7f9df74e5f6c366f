import { rmSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { children } from '@baton/test-stack/leaks';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** `baton up` stops its services in order, and Postgres writes what it has. */
const IN_ORDER_MS = 20_000;
const KILLED_MS = 5_000;
const LOOK_EVERY_MS = 50;
/** One Ctrl-C often comes twice: from the terminal, and passed on by npm. */
const REPEAT_MS = 1_000;

/** What has to be undone before the folder can go, such as a disk that is mounted in it. */
const endings: (() => void)[] = [];
export const beforeTheEnd = (ending: () => void): void => void endings.push(ending);

/** When somebody first asked this process to end. */
const asked: { atMs: number | null } = { atMs: null };

/** What is wrong and what to do, for people: told without a stack. */
export class BenchError extends Error {}

/**
 * Runs a bench in a temporary folder of its own, and ends the process. However it goes, by its end, by a failure, by
 * Ctrl-C: no process that it started runs on, and the folder is gone. A second Ctrl-C does not wait for anybody.
 * @param work gives the exit code
 */
export async function leaveNothing(work: () => Promise<number>): Promise<never> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-bench-'));
  // Where root runs it, Postgres and commands in a workspace run as somebody else and pass through.
  await chmod(folder, 0o711);
  process.env.TMPDIR = folder;
  const code = await Promise.race([firstBreak(), work().catch(tellFailure)]);
  for (const ending of endings) ending();
  await endChildren();
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

/** The exit code of what breaks in first: a signal, or an error that nobody caught. */
function firstBreak(): Promise<number> {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (asked.atMs === null) process.stderr.write('Ending what was started …\n');
        else if (performance.now() - asked.atMs > REPEAT_MS) signalChildren('SIGKILL');
        asked.atMs ??= performance.now();
        resolve(128 + constants.signals[signal]);
      });
    }
    for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
      process.on(event, (thrown: unknown) => resolve(tellFailure(thrown)));
    }
  });
}

/** What ends because somebody asked takes the connections of all else along: no word of these. */
function tellFailure(thrown: unknown): number {
  if (asked.atMs !== null) return 1;
  process.stderr.write(`${textOf(thrown)}\n`);
  return 1;
}

function textOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const isOption = 'code' in thrown && String(thrown.code).startsWith('ERR_PARSE_ARGS');
  return thrown instanceof BenchError || isOption ? thrown.message : (thrown.stack ?? thrown.message);
}

/** Ctrl-C for each, and no mercy for whoever is still there when the time is up. */
async function endChildren(): Promise<void> {
  for (const [signal, withinMs] of [
    ['SIGINT', IN_ORDER_MS],
    ['SIGKILL', KILLED_MS],
  ] as const) {
    const end = performance.now() + withinMs;
    const told = new Set<number>();
    for (let left = children(); left.length > 0 && performance.now() < end; left = children()) {
      // Also those that came meanwhile: what was interrupted may have begun another.
      const fresh = left.map(({ pid }) => pid).filter((pid) => !told.has(pid));
      for (const pid of fresh) told.add(pid);
      signalEach(fresh, signal);
      await sleep(LOOK_EVERY_MS);
    }
  }
}

const signalChildren = (signal: NodeJS.Signals): void =>
  signalEach(
    children().map(({ pid }) => pid),
    signal,
  );

function signalEach(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}
