import { Actor, type AnsweredApproval, ApprovalAnswer, type RunId } from '@baton/contracts';
import type { Pool } from 'pg';
import { z } from 'zod';
import { readModel } from '../database.js';
import { type RunScope, runsInScope } from './run-scope.js';

export interface AnswerPage {
  readonly approvals: readonly AnsweredApproval[];
  /** Where the next page begins; null on the last one. */
  readonly next: number | null;
}

const Answer = z.object({ by: Actor, comment: z.string(), move: z.string().nullable(), approvedBy: z.array(Actor) });

/**
 * Questions that people have answered, newest answer first by its place in the log. What was withdrawn nobody answered.
 *
 * @param limit at least 1
 * @param before `next` of the page before
 */
export async function listAnswers(
  pool: Pool,
  filter: { readonly runId?: RunId | undefined; readonly scope?: RunScope | null },
  limit: number,
  before?: number,
): Promise<AnswerPage> {
  let query = readModel(pool).selectFrom('approval_view').selectAll().where('position', 'is not', null);
  if (filter.runId !== undefined) query = query.where('run_id', '=', filter.runId);
  if (filter.scope != null) query = query.where('run_id', 'in', runsInScope(pool, filter.scope));
  if (before !== undefined) query = query.where('position', '<', before);
  const rows = await query
    .orderBy('position', 'desc')
    .limit(limit + 1)
    .$narrowType<Answered>()
    .execute();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    approvals: page.map((row) => {
      const { by, ...said } = Answer.parse(JSON.parse(row.answer));
      return {
        approvalId: row.approval_id,
        runId: row.run_id,
        workflow: row.workflow,
        workflowVersion: row.workflow_version,
        state: row.state,
        title: row.title,
        since: row.asked_at.toISOString(),
        dueAt: row.due_at?.toISOString() ?? null,
        sha256: row.sha256,
        status: ApprovalAnswer.parse(row.decision),
        settledAt: row.answered_at.toISOString(),
        settledBy: by,
        ...said,
      };
    }),
    next: rows.length > limit && last !== undefined ? last.position : null,
  };
}

interface Answered {
  readonly position: number;
  readonly answered_at: Date;
  readonly decision: string;
  readonly answer: string;
}
