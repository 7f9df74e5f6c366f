import type { ModelTime } from '@baton/contracts';
import { modelTime } from '@baton/event-store';
import { type Asked, requireRunId } from './find-run.js';

/** A run with more is told of in part: looking through its journals would take seconds. */
const MOST_ENTRIES = 20_000;

/** How long models took for the tasks of a run: what they were asked and what they said stays where it is. */
export async function runModelTime(asked: Asked, idOrPrefix: string): Promise<ModelTime> {
  const runId = await requireRunId(asked, idOrPrefix);
  const found = await modelTime(asked.pool, runId, MOST_ENTRIES);
  return {
    runId,
    tasks: found.filter(({ calls }) => calls > 0).map(({ entries: _, ...task }) => task),
    isWhole: found.reduce((sum, { entries }) => sum + entries, 0) < MOST_ENTRIES,
  };
}
