import { createHash } from 'node:crypto';

/**
 * How much later than its due time a start is: whole seconds up to the jitter, which follow from schedule and due time, so that
 * every hub has the same. Milliseconds.
 */
export function delayOf(scheduleId: string, dueMs: number, jitterSeconds: number): number {
  if (jitterSeconds === 0) return 0;
  const hash = createHash('sha256').update(`${scheduleId} ${dueMs}`).digest();
  return (hash.readUInt32BE(0) % (jitterSeconds + 1)) * 1_000;
}
