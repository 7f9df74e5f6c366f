import type { QueueJob } from '../backend.js';
import type { TakenMessage } from './message-store.js';

/**
 * A message as the job that a consumer works on.
 * @param giveBack to be taken again after so many milliseconds
 */
export const jobOf = (row: TakenMessage, giveBack: (delayMs: number) => Promise<void>): QueueJob => ({
  id: row.jobId,
  name: row.name,
  data: readOrText(row.data),
  opts: { priority: row.priority },
  attemptsMade: row.failures,
  attemptsStarted: row.deliveries,
  stalledCounter: row.stalls,
  waitedMs: row.waitedMs,
  via: 'own-door',
  moveToWait: async () => {
    await giveBack(0);
    return 1;
  },
  moveToDelayed: (timestampMs) => giveBack(timestampMs - Date.now()),
});

/** What is no JSON was put in by somebody else: the schema of the queue says what is wrong with a text. */
function readOrText(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return data;
  }
}
