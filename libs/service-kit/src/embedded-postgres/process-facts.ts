import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * A pid alone does not name a process: pids are reused, and a killed process whose parent never waits for it stays behind
 * as a zombie that still answers to `kill(pid, 0)`. So every question here looks at the process itself.
 */

const hasProc = existsSync('/proc/self/stat');

/** Fields of /proc/<pid>/stat after the command name, which may itself contain spaces and brackets. */
function procStat(pid: number): readonly string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

const isDeadState = (state: string | undefined): boolean => state === undefined || /^[ZX]/.test(state);

/** What `ps` prints for a column of one process, or null when there is no such process. */
function ps(pid: number, column: string): string | null {
  const { status, stdout } = spawnSync('/bin/ps', ['-ww', '-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 && stdout.trim() !== '' ? stdout.trim() : null;
}

/** Whether the process exists and is not a zombie. */
export function isRunning(pid: number): boolean {
  if (hasProc) return !isDeadState(procStat(pid)?.[0]);
  return !isDeadState(ps(pid, 'stat') ?? undefined);
}

/** Names one life of a pid: it differs for a later process with the same pid, also after a reboot. Null: not running. */
export function lifeOf(pid: number): string | null {
  if (!isRunning(pid)) return null;
  const started = hasProc ? procStat(pid)?.[19] : ps(pid, 'lstart');
  if (started === undefined || started === null) return null;
  // Start times in /proc count from boot, so they only mean something together with the boot.
  const boot = hasProc ? readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() : '';
  return createHash('sha256').update(`${boot} ${started}`).digest('hex').slice(0, 12);
}

/**
 * Postgres processes at work on this data directory, in which every process of a server stands.
 * Only Linux tells; elsewhere the answer is always empty.
 */
export function postgresProcessesIn(data: string): readonly number[] {
  if (!hasProc) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const isPostgres = readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres');
        return isPostgres && readlinkSync(`/proc/${pid}/cwd`) === data && isRunning(pid);
      } catch {
        return false; // Gone meanwhile, or another user's: not one of ours.
      }
    });
}

/** Whether the process is the postmaster of this data directory, and not one that got the pid of a dead one. */
export function isPostmasterOf(pid: number, data: string): boolean {
  if (hasProc) return postgresProcessesIn(data).includes(pid);
  return (ps(pid, 'command') ?? '').includes(`/postgres -D ${data} `);
}

/** Sends a signal, 0 to send none and only ask; false when there is no such process, or none that we may signal. */
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Polls until the condition holds; false when it did not within the time. */
export async function waitUntil(condition: () => boolean, timeoutMs: number, everyMs = 20): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > end) return false;
    await sleep(everyMs);
  }
  return true;
}
