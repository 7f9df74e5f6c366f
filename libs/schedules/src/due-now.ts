import { type Spread, startOf } from './start-of.js';
import type { Timetable } from './timetable.js';

/** A due time, and when a run starts for it: later by its jitter. Milliseconds since the epoch. */
export interface DueTime {
  readonly dueMs: number;
  readonly startMs: number;
}

/** Due times behind `afterMs` whose time has come, with their jitter; so many at most, and whether there are more. */
export function dueNow(
  table: Timetable,
  {
    afterMs,
    nowMs,
    most,
    spread,
  }: { readonly afterMs: number; readonly nowMs: number; readonly most: number; readonly spread: Spread },
): { readonly dues: readonly DueTime[]; readonly hasMore: boolean } {
  const dues: DueTime[] = [];
  for (let dueMs = table.nextAfter(afterMs); dueMs !== null && dueMs <= nowMs; dueMs = table.nextAfter(dueMs)) {
    const startMs = startOf(table, dueMs, spread);
    if (startMs > nowMs) break;
    if (dues.length === most) return { dues, hasMore: true };
    dues.push({ dueMs, startMs });
  }
  return { dues, hasMore: false };
}

/** The next due times after a moment, for people. */
export function upcoming({ nextAfter }: Timetable, afterMs: number, most: number): readonly number[] {
  const dues: number[] = [];
  for (let next = nextAfter(afterMs); next !== null && dues.length < most; next = nextAfter(next)) dues.push(next);
  return dues;
}
