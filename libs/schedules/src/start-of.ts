import { delayOf } from './delay-of.js';
import type { Timetable } from './timetable.js';

export interface Spread {
  readonly scheduleId: string;
  readonly jitterSeconds: number;
}

/**
 * When a run starts for a due time: later by its delay, and before the next due time, whatever the jitter. So runs start in the order
 * of their due times, and no long delay holds back those behind it.
 */
export function startOf({ nextAfter }: Timetable, dueMs: number, { scheduleId, jitterSeconds }: Spread): number {
  if (jitterSeconds === 0) return dueMs;
  const next = nextAfter(dueMs);
  const most = next === null ? jitterSeconds : Math.min(jitterSeconds, Math.ceil((next - dueMs) / 1_000) - 1);
  return dueMs + delayOf(scheduleId, dueMs, most);
}
