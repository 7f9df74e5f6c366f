import type { Schemas } from '../../api/api.js';

export type Run = Schemas['RunSummary'];

/** Runs from one place of the list on, as they are now. */
export interface FreshPage {
  /** The run before them; null at the top. */
  readonly after: Run | null;
  readonly runs: readonly Run[];
  /** Whether nothing comes after them. */
  readonly isLast: boolean;
}

/** The order of the list: newest first. Ids are compared as the database does. */
function newestFirst(a: Run, b: Run): number {
  const [left, right] = [Date.parse(a.startedAt), Date.parse(b.startedAt)];
  if (left !== right) return right - left;
  return a.runId === b.runId ? 0 : a.runId < b.runId ? 1 : -1;
}

/**
 * A list that was loaded some time ago, with what is known by now of parts of it: where a part was asked for again, what is not
 * in it any more is gone, and what came is there.
 */
export function mergedRuns(loaded: readonly Run[], fresh: readonly FreshPage[]): readonly Run[] {
  const runs = new Map(loaded.map((run) => [run.runId, run]));
  for (const page of fresh) {
    const last = page.runs.at(-1);
    for (const run of runs.values()) {
      const isAfter = page.after === null || newestFirst(page.after, run) < 0;
      const isBefore = page.isLast || (last !== undefined && newestFirst(run, last) <= 0);
      if (isAfter && isBefore) runs.delete(run.runId);
    }
    for (const run of page.runs) runs.set(run.runId, run);
  }
  return [...runs.values()].sort(newestFirst);
}

/**
 * The order while somebody points at a row: all that is there stays where it is, what comes after the end is added, and what
 * would push rows down waits.
 */
export function heldOrder(
  before: readonly string[],
  now: readonly string[],
): { readonly order: readonly string[]; readonly waiting: number } {
  const known = new Set(before);
  const lastKnown = now.findLastIndex((id) => known.has(id));
  const later = now.slice(lastKnown + 1);
  const waiting = now.slice(0, lastKnown + 1).filter((id) => !known.has(id)).length;
  // Nothing of what is shown is left: then there is nothing to hold on to.
  return lastKnown < 0 ? { order: now, waiting: 0 } : { order: [...before, ...later], waiting };
}
