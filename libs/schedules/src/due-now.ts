import { delayOf } from './delay-of.js';
import type { Timetable } from './timetable.js';

export interface Spread {
  readonly scheduleId: string;
  readonly jitterSeconds: number;
}

/** Due times behind `afterMs` whose time has come, with their jitter; so many at most, and whether there are more. */
export function dueNow(
  { nextAfter }: Timetable,
  {
    afterMs,
    nowMs,
    most,
    spread,
  }: { readonly afterMs: number; readonly nowMs: number; readonly most: number; readonly spread: Spread },
): { readonly dues: readonly number[]; readonly hasMore: boolean } {
  const dues: number[] = [];
  let next = nextAfter(afterMs);
  while (next !== null && next + delayOf(spread.scheduleId, next, spread.jitterSeconds) <= nowMs) {
    if (dues.length === most) return { dues, hasMore: true };
    dues.push(next);
    next = nextAfter(next);
  }
  return { dues, hasMore: false };
}

/** The next due times after a moment, for people. */
export function upcoming({ nextAfter }: Timetable, afterMs: number, most: number): readonly number[] {
  const dues: number[] = [];
  for (let next = nextAfter(afterMs); next !== null && dues.length < most; next = nextAfter(next)) dues.push(next);
  return dues;
}
