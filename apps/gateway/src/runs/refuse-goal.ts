import { type ForkRun, GOAL_WORKFLOW, type JsonObject } from '@baton/contracts';
import { mayDecide } from '../auth/route-roles.js';
import { ProblemError } from '../http/problem.js';
import type { GatewayParts } from '../parts/parts.js';

/**
 * Whoever has what was composed run unasked approves it, so they must be somebody who may approve.
 *
 * @throws ProblemError 403 `approval-needed`
 */
export function refuseUnapproved({ caller }: Pick<GatewayParts, 'caller'>, workflow: string, input: JsonObject): void {
  if (workflow !== GOAL_WORKFLOW || input.approval !== 'given') return;
  const { roles, actor } = caller();
  if (mayDecide(roles)) return;
  throw new ProblemError(`${actor.id} may not approve what is composed, so somebody has to be asked.`, {
    status: 403,
    code: 'approval-needed',
    next: 'Submit it so that approval is asked for, or use a key with the role approver beside that of submitter.',
    errors: [{ pointer: '/approval', detail: 'given needs the role approver' }],
  });
}

/**
 * What may be composed for a credential with a scope is for this gateway to say.
 *
 * @throws ProblemError 403 `out-of-scope`
 */
export function refuseOwnCatalog({ caller }: Pick<GatewayParts, 'caller'>, workflow: string): void {
  if (workflow !== GOAL_WORKFLOW || caller().scopes === null) return;
  throw ownCatalog(caller().actor.id);
}

/**
 * A fork of a run that composes has whatever that run had: that it was approved, and by `set` or `input` anything else that
 * approval comes after. So whoever forks it answers for it as whoever approves does.
 *
 * @throws ProblemError 403 `approval-needed`, `out-of-scope`
 */
export function refuseForkOfGoal(
  { caller }: Pick<GatewayParts, 'caller'>,
  workflow: string,
  { set, input }: Pick<ForkRun, 'set' | 'input'>,
): void {
  if (workflow !== GOAL_WORKFLOW) return;
  const { roles, actor, scopes } = caller();
  if (!mayDecide(roles)) {
    throw new ProblemError(`${actor.id} may not approve what is composed, and so may not fork what composes.`, {
      status: 403,
      code: 'approval-needed',
      next: 'Submit the goal with POST /v1/goals, or use a key with the role approver beside that of submitter.',
    });
  }
  if (scopes !== null && (set !== undefined || input !== undefined)) throw ownCatalog(actor.id);
}

const ownCatalog = (who: string): ProblemError =>
  new ProblemError(`${who} is for certain runs alone, and may not say itself what a goal is composed of.`, {
    status: 403,
    code: 'out-of-scope',
    next: 'Submit the goal with POST /v1/goals.',
  });
