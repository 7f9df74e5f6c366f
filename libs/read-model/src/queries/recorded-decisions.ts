import { DecisionRecord } from '@baton/workflow';
import type { Pool } from 'pg';
import { readModel } from '../database.js';
import { type Decided, type DecisionScope, decided } from './decided.js';
import { adviceOf } from './list-decisions.js';

/** A decision as whoever counts them needs it. */
export interface RecordedDecision {
  readonly runId: string;
  readonly workflow: string;
  readonly version: number;
  /** From the question to the decision; null where nobody was asked. */
  readonly waitedMs: number | null;
  readonly record: DecisionRecord;
  /** The move that an advisor would have made, in shadow; null where there is none. */
  readonly shadowMove: string | null;
}

const PAGE = 500;

/** The decisions in a scope, oldest first, page by page. */
export async function* recordedDecisions(
  pool: Pool,
  scope: DecisionScope,
): AsyncGenerator<readonly RecordedDecision[]> {
  for (let after = 0; ; ) {
    const rows = await decided(pool, scope)
      .select(['run_id', 'workflow', 'position', 'version', 'asked_at', 'decided_at', 'record', 'shadow'])
      .where('position', '>', after)
      .orderBy('position')
      .limit(PAGE)
      .$narrowType<Decided>()
      .execute();
    yield rows.map(({ run_id, workflow, version, asked_at, decided_at, record, shadow }) => ({
      runId: run_id,
      workflow,
      version,
      waitedMs: asked_at === null ? null : Math.max(0, decided_at.getTime() - asked_at.getTime()),
      record: DecisionRecord.parse(JSON.parse(record)),
      shadowMove: shadow === null ? null : adviceOf(shadow).move,
    }));
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.position;
  }
}

/**
 * Since when the decisions of a scope are those of at most so many runs, and no more than so many: the newest ones are walked
 * back, so it costs what is looked at and not what there is.
 *
 * @returns `since` as the scope has it, or later where `isCut`
 */
export async function decisionsOfNewest(
  pool: Pool,
  scope: DecisionScope,
  most: { readonly runs: number; readonly decisions: number },
): Promise<{ readonly since: string | null; readonly isCut: boolean }> {
  const runs = new Set<string>();
  let seen = 0;
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const rows = await decided(pool, scope)
      .select(['run_id', 'position', 'decided_at'])
      .where('position', '<', before)
      .orderBy('position', 'desc')
      .limit(PAGE)
      .$narrowType<Decided>()
      .execute();
    for (const { run_id, position, decided_at } of rows) {
      seen += 1;
      runs.add(run_id);
      if (runs.size > most.runs || seen > most.decisions) {
        return { since: new Date(decided_at.getTime() + 1).toISOString(), isCut: true };
      }
      before = position;
    }
    if (rows.length < PAGE) return { since: scope.since ?? null, isCut: false };
  }
}

/** The runs of a scope that began last, newest first. */
export async function newestRuns(
  pool: Pool,
  { workflow, since, until }: DecisionScope,
  most: number,
): Promise<readonly { readonly runId: string; readonly workflow: string; readonly status: string }[]> {
  let query = readModel(pool).selectFrom('run_usage_view').select(['run_id', 'workflow', 'status']);
  if (workflow !== undefined) query = query.where('workflow', '=', workflow);
  if (since !== undefined) query = query.where('started_at', '>=', new Date(since));
  if (until !== undefined) query = query.where('started_at', '<', new Date(until));
  const rows = await query.orderBy('started_at', 'desc').orderBy('run_id').limit(most).execute();
  return rows.map(({ run_id, ...row }) => ({ runId: run_id, ...row }));
}
