import { type CommandId, GivenApproval, Json } from '@baton/contracts';
import type { Pool } from 'pg';
import { query } from './pool.js';

/*
 * Through functions of the database, which look at who logged in: for open commands of the deployer, each in its own run.
 */

/** What was approved in the run of an open command of the deployer; null where the run has no such approval. */
export async function approvalGiven(
  pool: Pool,
  commandId: CommandId,
  approvalId: string,
): Promise<GivenApproval | null> {
  const rows = await query<{ given: unknown }>(pool, 'approval-given', 'select baton.approval_given($1, $2) as given', [
    commandId,
    approvalId,
  ]);
  const given = rows[0]?.given ?? null;
  return given === null ? null : GivenApproval.parse(typeof given === 'string' ? JSON.parse(given) : given);
}

/** Whether nobody had begun before with what this approval allows; else how that ended, null where nobody knows. */
export async function beginDeployment(
  pool: Pool,
  commandId: CommandId,
  { approvalId, tree }: { readonly approvalId: string; readonly tree: string },
): Promise<{ readonly isNew: boolean; readonly outcome: Json | null }> {
  const rows = await query<{ is_new: boolean; outcome: unknown }>(
    pool,
    'begin-deployment',
    'select is_new, outcome from baton.begin_deployment($1, $2, $3)',
    [commandId, approvalId, tree],
  );
  const { is_new: isNew = false, outcome = null } = rows[0] ?? {};
  return { isNew, outcome: Json.parse(typeof outcome === 'string' ? JSON.parse(outcome) : outcome) };
}

/** How it ended. Of several outcomes the first stands, unless the command is one that may be repeated. */
export async function endDeployment(
  pool: Pool,
  commandId: CommandId,
  { approvalId, outcome, isRepeatable }: { approvalId: string; outcome: Json; isRepeatable: boolean },
): Promise<void> {
  await query(pool, 'end-deployment', 'select baton.end_deployment($1, $2, $3, $4)', [
    commandId,
    approvalId,
    JSON.stringify(outcome),
    isRepeatable,
  ]);
}
