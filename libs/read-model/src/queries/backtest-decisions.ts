import { BatonError } from '@baton/contracts';
import { readStream } from '@baton/event-store';
import { Backtest, type Comparison, type DecisionPolicy, readEvent } from '@baton/workflow';
import type { Pool } from 'pg';
import { type DecisionScope, decided } from './decided.js';

/** A threshold of the policy is about nothing that was ever decided by. */
export class UnknownDimension extends BatonError {
  constructor(
    readonly dimension: string,
    known: readonly string[],
  ) {
    const names = known.length === 0 ? 'no decision here has thresholds' : `there are ${known.join(', ')}`;
    super(`No decision here has a threshold for ${dimension}: ${names}.`, {
      code: 'unknown-dimension',
      next: 'Name a dimension that the decisions have, or leave the threshold out.',
    });
  }
}

export interface BacktestPage {
  readonly runs: number;
  readonly decisions: number;
  readonly counts: Readonly<Record<Comparison['result'], number>>;
  /** All that are not the same. */
  readonly differing: readonly (Comparison & { readonly runId: string })[];
  /** The run to go on after; null where that was the last one. */
  readonly next: string | null;
}

const EVENTS = 500;
/** A page stops here, so that neither its answer nor the wait for it grows without bound. */
const MOST_DIFFERING = 500;
const MOST_RUNS = 500;
const MOST_MS = 5_000;

/**
 * Decides recorded runs again under a policy, with no model. One run at a time, and a run page by page: memory does not
 * grow with the log.
 *
 * @param after `next` of the page before
 * @throws UnknownDimension
 */
export async function backtestDecisions(
  pool: Pool,
  policy: DecisionPolicy,
  scope: DecisionScope,
  nowMs: () => number,
  after: string | null = null,
): Promise<BacktestPage> {
  if (after === null) await checkDimensions(pool, policy, scope);
  const counts: Record<Comparison['result'], number> = {
    same: 0,
    'same-move': 0,
    'other-move': 0,
    'would-ask': 0,
    'not-replayed': 0,
    'by-person': 0,
  };
  const differing: (Comparison & { readonly runId: string })[] = [];
  const runIds = await runsIn(pool, scope, after);
  const endMs = nowMs() + MOST_MS;
  let runs = 0;
  for (const runId of runIds.slice(0, MOST_RUNS)) {
    runs += 1;
    for await (const comparison of compareRun(pool, runId, policy, scope)) {
      counts[comparison.result] += 1;
      if (comparison.result !== 'same' && comparison.result !== 'by-person') differing.push({ ...comparison, runId });
    }
    if (differing.length >= MOST_DIFFERING || nowMs() >= endMs) break;
  }
  const decisions = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { runs, decisions, counts, differing, next: runs < runIds.length ? (runIds[runs - 1] ?? null) : null };
}

/** The decisions of one run that are in scope: the events before them are folded all the same. */
async function* compareRun(
  pool: Pool,
  runId: string,
  policy: DecisionPolicy,
  { since, until }: DecisionScope,
): AsyncGenerator<Comparison> {
  const backtest = new Backtest(runId, policy);
  const sinceMs = since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(since);
  const untilMs = until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until);
  let firstVersion = Number.POSITIVE_INFINITY;
  let endVersion = Number.POSITIVE_INFINITY;
  const isAsked = ({ version }: Comparison): boolean => version >= firstVersion && version < endVersion;
  for (let version = 0; ; ) {
    const page = await readStream(pool, runId, { fromVersion: version + 1, limit: EVENTS });
    for (const stored of page) {
      version = stored.version;
      const { recordedAt } = stored;
      const recordedMs = Date.parse(recordedAt);
      if (recordedMs >= untilMs) endVersion = Math.min(endVersion, version);
      if (recordedMs >= sinceMs) firstVersion = Math.min(firstVersion, version);
      const found = await backtest.next({ event: readEvent(stored), version, recordedAt });
      yield* found.filter(isAsked);
    }
    if (page.length < EVENTS) break;
  }
  yield* backtest.finish().filter(isAsked);
}

async function runsIn(pool: Pool, scope: DecisionScope, after: string | null): Promise<readonly string[]> {
  let query = decided(pool, scope).select('run_id').distinct();
  if (after !== null) query = query.where('run_id', '>', after);
  const rows = await query
    .orderBy('run_id')
    .limit(MOST_RUNS + 1)
    .execute();
  return rows.map(({ run_id }) => run_id);
}

async function checkDimensions(pool: Pool, { thresholds }: DecisionPolicy, scope: DecisionScope): Promise<void> {
  const wanted = Object.keys(thresholds ?? {});
  if (wanted.length === 0) return;
  const rows = await decided(pool, scope)
    .select(({ fn }) => fn<string>('unnest', ['dimensions']).as('dimension'))
    .distinct()
    .orderBy('dimension')
    .execute();
  const known = rows.map(({ dimension }) => dimension);
  const unknown = wanted.find((dimension) => !known.includes(dimension));
  if (unknown !== undefined) throw new UnknownDimension(unknown, known);
}
