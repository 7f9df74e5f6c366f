import { GOAL_WORKFLOW, type JsonObject } from '@baton/contracts';
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
  throw new ProblemError(
    `${caller().actor.id} is for certain runs alone, and may not say itself what a goal is composed of.`,
    {
      status: 403,
      code: 'out-of-scope',
      next: 'Submit the goal with POST /v1/goals.',
    },
  );
}
