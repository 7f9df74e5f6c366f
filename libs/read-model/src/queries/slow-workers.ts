import type { SlowWork } from '@baton/contracts';

/** What a worker took for the tasks of one state, of late. */
export interface WorkPace {
  readonly workerId: string;
  readonly kind: string;
  readonly state: string;
  readonly tasks: number;
  readonly medianMs: number;
}

/** Fewer say nothing. */
const LEAST_TASKS = 10;
/** How many times as long as its fellows a worker takes that is slow. Tasks of models differ by less than that in the middle. */
const SLOW_FROM = 2;

/**
 * Workers that take far longer than their fellows for the same: those whose median for a state is more than twice the median of the others'
 * medians. Each of them with so many tasks that a median means something; where a worker is slow at several states, the worst is told.
 */
export function slowWorkers(paces: readonly WorkPace[]): ReadonlyMap<string, SlowWork> {
  const slow = new Map<string, SlowWork>();
  const enough = paces.filter(({ tasks }) => tasks >= LEAST_TASKS);
  for (const same of Map.groupBy(enough, ({ kind, state }) => `${kind} ${state}`).values()) {
    for (const { workerId, state, tasks, medianMs } of same) {
      const others = same.filter((other) => other.workerId !== workerId).map((other) => other.medianMs);
      const fellowsMs = medianOf(others);
      if (fellowsMs === null || medianMs <= SLOW_FROM * fellowsMs) continue;
      const known = slow.get(workerId);
      if (known !== undefined && known.medianMs / known.fellowsMs >= medianMs / fellowsMs) continue;
      slow.set(workerId, { state, tasks, medianMs, fellowsMs, fellows: others.length });
    }
  }
  return slow;
}

function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) return null;
  return sorted.length % 2 === 1 ? middle : (middle + (sorted[sorted.length / 2 - 1] ?? middle)) / 2;
}
