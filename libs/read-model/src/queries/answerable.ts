import { Actor, ApprovalPolicy, type Role } from '@baton/contracts';
import { refusalOf } from '@baton/workflow';
import type { Pool } from 'pg';
import { readModel } from '../database.js';
import { givenIn } from '../projection/approval-store.js';
import { type RunScope, runsInScope } from './run-scope.js';

/** Whoever might answer questions: as whom, with which roles, and of which runs; all where the scope is null. */
export interface Answering {
  readonly by: Actor;
  readonly roles: readonly Role[];
  readonly scope: RunScope | null;
}

/**
 * The open questions of these runs that somebody may answer, and has not answered already. What their policies say is asked of
 * the same rules that an answer is taken by.
 *
 * @returns ids of approvals, each with its run
 */
export async function answerableIn(
  pool: Pool,
  runIds: readonly string[],
  { by, roles, scope }: Answering,
): Promise<ReadonlyMap<string, string>> {
  if (runIds.length === 0) return new Map();
  let query = readModel(pool)
    .selectFrom('command as c')
    .innerJoin('approval_view as a', (join) =>
      join.onRef('a.run_id', '=', 'c.run_id').onRef('a.approval_id', '=', 'c.command_id'),
    )
    .select(['a.run_id', 'a.approval_id', 'a.policy', 'a.submitted_by', 'a.given', 'a.is_escalated'])
    .where('c.name', '=', 'approval')
    .where('c.run_id', 'in', [...runIds]);
  if (scope !== null) query = query.where('c.run_id', 'in', runsInScope(pool, scope));
  const rows = await query.execute();
  const wanted = rows.filter((row) => {
    const submittedBy = Actor.parse(JSON.parse(row.submitted_by));
    return refusalOf(standingOf(row), submittedBy, { by, roles }) === null;
  });
  return new Map(wanted.map(({ approval_id, run_id }) => [approval_id, run_id]));
}

interface Asked {
  readonly policy: string | null;
  readonly given: string | null;
  readonly is_escalated: boolean;
}

/** Null where there is no policy: then everybody may answer. */
function standingOf({ policy, given, is_escalated }: Asked) {
  if (policy === null) return null;
  return {
    policy: ApprovalPolicy.parse(JSON.parse(policy)),
    given: givenIn(given).map((by) => ({ by, comment: '' })),
    isEscalated: is_escalated,
    remindAt: null,
    escalateAt: null,
  };
}
