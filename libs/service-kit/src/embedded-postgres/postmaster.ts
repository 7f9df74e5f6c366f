import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BatonError } from '@baton/contracts';
import { isPostmasterOf, isRunning, postgresProcessesIn, signalProcess, waitUntil } from './process-facts.js';

/** What the file postmaster.pid says. `status` is one of `starting`, `stopping`, `ready`, `standby`; empty while it is written. */
export interface PostmasterFile {
  readonly pid: number;
  readonly status: string;
}

const pidFileOf = (data: string): string => join(data, 'postmaster.pid');

/** Null when there is no such file: no server runs and the last one stopped cleanly. */
export function readPostmasterFile(data: string): PostmasterFile | null {
  try {
    const lines = readFileSync(pidFileOf(data), 'utf8').split('\n');
    return { pid: Math.abs(Number(lines[0])), status: lines[7]?.trim() ?? '' };
  } catch {
    return null;
  }
}

/** Asks ever more firmly: fast shutdown, immediate shutdown, kill. True once the process is gone. */
export async function stopPostmaster(pid: number, fastMs = 10_000): Promise<boolean> {
  const isGone = (): boolean => !isRunning(pid);
  for (const [signal, patienceMs] of [
    ['SIGINT', fastMs],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    signalProcess(pid, signal);
    if (await waitUntil(isGone, patienceMs)) return true;
  }
  return false;
}

/**
 * Children of a killed postmaster notice its death and leave by themselves, mostly at once; until the last one is gone the
 * shared memory is in use and no new server can start. Those that do not leave are asked to quit, then killed: the data
 * goes through crash recovery in any case. Only Linux can name them; elsewhere the next start waits and retries.
 */
async function awaitOrphans(data: string): Promise<void> {
  const noneLeft = (): boolean => postgresProcessesIn(data).length === 0;
  for (const signal of ['SIGQUIT', 'SIGKILL'] as const) {
    if (await waitUntil(noneLeft, 1_000)) return;
    for (const pid of postgresProcessesIn(data)) signalProcess(pid, signal);
  }
  await waitUntil(noneLeft, 3_000);
}

/**
 * Brings whatever a former owner left behind to rest. The caller holds the directory, so a live postmaster has no owner any
 * more and is shut down in order: a server of our own has our settings and tells us when it ends.
 *
 * The pid file is left to Postgres, which knows a stale one, except for one case that it takes for a live server: the pid now
 * belongs to a zombie or to another program. Then, with nobody left on the data, the file is removed.
 */
export async function settlePredecessor(data: string, log: (line: string) => void): Promise<void> {
  const left = readPostmasterFile(data);
  if (left === null) return;
  if (left.pid > 0 && isPostmasterOf(left.pid, data)) {
    log(`stopping the Postgres that a former owner left running (process ${left.pid})`);
    if (!(await stopPostmaster(left.pid))) {
      throw new BatonError(`The embedded database is still running as process ${left.pid} and does not stop.`, {
        code: 'embedded-postgres-stuck',
        next: `End process ${left.pid}, then start again.`,
      });
    }
  }
  await awaitOrphans(data);
  const now = readPostmasterFile(data);
  if (now === null || isPostmasterOf(now.pid, data) || postgresProcessesIn(data).length > 0) return;
  if (signalProcess(now.pid, 0)) rmSync(pidFileOf(data), { force: true });
}
