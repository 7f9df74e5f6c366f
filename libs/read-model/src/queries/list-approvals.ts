import { type ApprovalSummary, type CommandId, commandIdOf, type RunId } from '@baton/contracts';
import { readStream } from '@baton/event-store';
import { readEvent } from '@baton/workflow';
import type { Pool } from 'pg';
import { z } from 'zod';
import { loadFolds } from '../projection/fold-store.js';
import type { RunFold } from '../run-view/run-fold.js';
import { boundTo, titleOf } from './get-approval.js';
import { foldOn } from './get-run.js';

export interface ApprovalPage {
  readonly approvals: readonly ApprovalSummary[];
  /** Where the next page begins; null on the last one. */
  readonly next: number | null;
}

const Open = z.object({ seq: z.int(), command_id: z.string(), run_id: z.string() });
type Open = z.infer<typeof Open>;
const Asked = z.object({ version: z.int(), command_id: z.string() });

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
  const open = await openQuestions(pool, filter.runId ?? null, after, limit + 1);
  const page = open.slice(0, limit);
  const runIds = [...new Set(page.map(({ run_id }) => run_id))];
  const ofRuns = await Promise.all(
    runIds.map((runId) => {
      const ids = page.filter(({ run_id }) => run_id === runId).map(({ command_id }) => command_id);
      return summaries(pool, runId, ids);
    }),
  );
  const found = new Map(ofRuns.flat().map((approval) => [approval.approvalId, approval]));
  const last = page.at(-1);
  return {
    // One that was answered between the reads is left out.
    approvals: page.flatMap(({ command_id }) => found.get(command_id) ?? []),
    next: open.length > limit && last !== undefined ? last.seq : null,
  };
}

async function openQuestions(pool: Pool, runId: RunId | null, after: number, limit: number): Promise<readonly Open[]> {
  const { rows } = await pool.query(
    `select seq, command_id, run_id from baton.command
      where name = 'approval' and seq > $1 and ($2::uuid is null or run_id = $2)
      order by seq limit $3`,
    [after, runId, limit],
  );
  return rows.map((row) => Open.parse(row));
}

async function summaries(pool: Pool, runId: RunId, ids: readonly CommandId[]): Promise<readonly ApprovalSummary[]> {
  const asked = await askingEvents(pool, runId, ids);
  const fold = await foldOn(pool, runId, (await loadFolds(pool, [runId])).get(runId) ?? null);
  if (fold === null) return [];
  const each = await Promise.all(asked.map(({ version }) => summary(pool, fold, version)));
  return each.filter((approval) => approval !== null);
}

/** Which events ask: one look through those of the run, as text for the reason that `getApproval` gives. */
async function askingEvents(
  pool: Pool,
  runId: RunId,
  ids: readonly CommandId[],
): Promise<readonly z.infer<typeof Asked>[]> {
  const { rows } = await pool.query(
    `select e.version, asked.command_id
       from baton.event e join baton.stream s using (run_id)
       cross join lateral (select substring(e.data::text from '"commandId":"([0-9a-f-]+)"') as command_id) asked
      where e.run_id = $1 and e.type = 'TaskScheduled' and e.position between s.first_position and s.last_position
        and asked.command_id = any($2)`,
    [runId, ids],
  );
  return rows.map((row) => Asked.parse(row));
}

async function summary(pool: Pool, fold: RunFold, version: number): Promise<ApprovalSummary | null> {
  const { runId, workflow, workflowVersion } = fold.facts;
  const [stored] = await readStream(pool, runId, { fromVersion: version, toVersion: version });
  const event = stored === undefined ? null : readEvent(stored);
  if (stored === undefined || event?.type !== 'TaskScheduled') return null;
  const { commandId: approvalId, visit, arguments: question, deadline } = event.data;
  const asks = fold.open.get(visit);
  if (asks?.wait == null || approvalId !== commandIdOf(runId, asks.wait.ordinal)) return null;
  return {
    approvalId,
    runId,
    workflow,
    workflowVersion,
    state: asks.state,
    title: titleOf(question),
    since: stored.recordedAt,
    dueAt: deadline,
    status: 'open',
    sha256: boundTo(event.data),
  };
}
