import { processSpace } from './process-space.js';
import { isAlive } from './signal.js';

/** For what a process of another machine or container left behind, of which nobody here can say whether it lives. */
const STALE_MS = 6 * 3_600_000;

/** What this process calls itself in names of files that others find. */
export const nameOfProcess = (): string => `${processSpace()}-${process.pid}`;

/** Whether who called itself so may still be there. */
export function isStillRunning(name: string, lastSeenMs: number, now: Date): boolean {
  const [space, pid] = name.split('-');
  return space === processSpace() ? isAlive(Number(pid)) : now.getTime() - lastSeenMs <= STALE_MS;
}
