import type { Schemas } from '../../api/api.js';

type Run = Pick<Schemas['RunSummary'], 'status' | 'startedAt' | 'endedAt' | 'usage'>;

/** What the newest runs of a workflow came to. Null where no run says so. */
export interface Recent {
  readonly ended: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly underway: number;
  /** Of those that succeeded or failed: who cancels a run says nothing about its workflow. */
  readonly successShare: number | null;
  readonly medianMs: number | null;
  readonly medianUsd: number | null;
  /** Runs that used something without a price: their cost is not known. */
  readonly unpriced: number;
}

export function recentOf(runs: readonly Run[]): Recent {
  const countOf = (status: Run['status']): number => runs.filter((run) => run.status === status).length;
  const [succeeded, failed, cancelled] = [countOf('succeeded'), countOf('failed'), countOf('cancelled')];
  const ended = succeeded + failed + cancelled;
  const done = runs.filter(({ status }) => status === 'succeeded');
  const costs = done.map(({ usage }) => usage.costUsd);
  const priced = costs.filter((cost) => cost !== null);
  return {
    ended,
    succeeded,
    failed,
    cancelled,
    underway: runs.length - ended,
    successShare: succeeded + failed === 0 ? null : succeeded / (succeeded + failed),
    medianMs: medianOf(
      done.flatMap(({ startedAt, endedAt }) => (endedAt === null ? [] : [Date.parse(endedAt) - Date.parse(startedAt)])),
    ),
    medianUsd: medianOf(priced),
    unpriced: costs.length - priced.length,
  };
}

/** The same for each version that has runs among these. */
export function recentByVersion(
  runs: readonly (Run & Pick<Schemas['RunSummary'], 'workflowVersion'>)[],
): ReadonlyMap<string, Recent> {
  const byVersion = Map.groupBy(runs, ({ workflowVersion }) => workflowVersion);
  return new Map([...byVersion].map(([version, those]) => [version, recentOf(those)]));
}

/** The one in the middle; of an even number the mean of both there. */
export function medianOf(numbers: readonly number[]): number | null {
  const sorted = [...numbers].sort((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)];
  if (upper === undefined) return null;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? upper;
  return (lower + upper) / 2;
}
