import type { RunList } from '@baton/contracts';
import { cursorOfRuns, newestFirst, placeOfRunsCursor } from '@baton/read-model';

/**
 * One page of runs out of a page of each shard, newest first. Where a shard has more than it showed, nothing older than where
 * its page ended may be shown yet. The cursor says a time and a run, and is good for every shard, however many there are.
 */
export function mergeRuns(pages: readonly RunList[], limit: number): RunList {
  const ends = pages.flatMap(({ next }) => (next === null ? [] : [placeOfRunsCursor(next)]));
  const horizon = ends.toSorted(newestFirst)[0] ?? null;
  const all = pages.flatMap(({ runs }) => runs).toSorted(newestFirst);
  const known = all.filter((run) => horizon === null || newestFirst(run, horizon) <= 0);
  const runs = known.slice(0, limit);
  const last = known.length > limit ? runs.at(-1) : horizon;
  return { runs, next: last == null ? null : cursorOfRuns(last) };
}
