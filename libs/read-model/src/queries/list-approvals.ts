import type { ApprovalSummary, RunId } from '@baton/contracts';
import { readStream } from '@baton/event-store';
import type { Pool } from 'pg';
import { z } from 'zod';
import { loadFolds } from '../projection/fold-store.js';
import { readEvent } from '../projection/project-page.js';
import type { RunFold } from '../run-view/run-fold.js';
import { boundTo, titleOf } from './get-approval.js';
import { foldOn } from './get-run.js';

export interface ApprovalPage {
  readonly approvals: readonly ApprovalSummary[];
  /** Where the next page begins; null on the last one. */
  readonly next: number | null;
}

const Row = z.object({ seq: z.int(), command_id: z.string(), run_id: z.string(), version: z.int() });
type Row = z.infer<typeof Row>;

/**
 * Open questions, longest waiting first, by the rows of the command table: it holds just what is open.
 *
 * @param limit at least 1
 * @param after `next` of the page before
 */
export async function listApprovals(
  pool: Pool,
  filter: { readonly runId?: RunId | undefined },
  limit: number,
  after = 0,
): Promise<ApprovalPage> {
  const rows = await openQuestions(pool, filter.runId ?? null, after, limit + 1);
  const page = rows.slice(0, limit);
  const folds = await foldsOf(pool, [...new Set(page.map(({ run_id }) => run_id))]);
  const approvals = await Promise.all(page.map((row) => summary(pool, row, folds.get(row.run_id))));
  const last = page.at(-1);
  return {
    // One that was answered between the reads is left out.
    approvals: approvals.filter((approval) => approval !== null),
    next: rows.length > limit && last !== undefined ? last.seq : null,
  };
}

/** Which event asks: found as text, see `getApproval`. */
async function openQuestions(pool: Pool, runId: RunId | null, after: number, limit: number): Promise<readonly Row[]> {
  const { rows } = await pool.query(
    `select c.seq, c.command_id, c.run_id, asked.version
       from baton.command c
       join baton.stream s using (run_id)
       cross join lateral (
         select e.version from baton.event e
          where e.run_id = c.run_id and e.type = 'TaskScheduled'
            and e.position between s.first_position and s.last_position
            and position('"commandId":"' || c.command_id || '"' in e.data::text) > 0
          order by e.version limit 1) asked
      where c.name = 'approval' and c.seq > $1 and ($2::uuid is null or c.run_id = $2)
      order by c.seq limit $3`,
    [after, runId, limit],
  );
  return rows.map((row) => Row.parse(row));
}

async function foldsOf(pool: Pool, runIds: readonly RunId[]): Promise<ReadonlyMap<RunId, RunFold>> {
  const folds = await loadFolds(pool, runIds);
  for (const runId of runIds) {
    const fold = await foldOn(pool, runId, folds.get(runId) ?? null);
    if (fold !== null) folds.set(runId, fold);
  }
  return folds;
}

async function summary(pool: Pool, row: Row, fold: RunFold | undefined): Promise<ApprovalSummary | null> {
  const { command_id: approvalId, run_id: runId, version } = row;
  const [stored] = await readStream(pool, runId, { fromVersion: version, toVersion: version });
  const event = stored === undefined ? null : readEvent(stored);
  if (stored === undefined || event?.type !== 'TaskScheduled' || fold === undefined) return null;
  const asks = fold.open.get(event.data.visit);
  if (asks === undefined || asks.wait === null || !approvalId.endsWith(`-${asks.wait.ordinal}`)) return null;
  const { workflow, workflowVersion } = fold.facts;
  return {
    approvalId,
    runId,
    workflow,
    workflowVersion,
    state: asks.state,
    title: titleOf(event.data.arguments),
    since: stored.recordedAt,
    dueAt: event.data.deadline,
    status: 'open',
    sha256: boundTo(event.data),
  };
}
