import { GOAL_WORKFLOW, type JsonObject, type RunAccepted, SubmitGoal } from '@baton/contracts';
import { parseBody } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { requestIdOf } from '../once/idempotency-keys.js';
import type { GatewayParts } from '../parts/parts.js';
import { takeSubmission } from '../runs/submit-run.js';
import { goalCatalog } from './goal-catalog.js';

/**
 * Takes a goal: a run of the workflow `goal`, with what there is to compose of in its input. The same goal under the same id is
 * one run, whatever there is by then.
 *
 * @throws ProblemError 422 where it says who is asked and that nobody is, 403 where it shall run unasked and the caller may not approve, and as `submitRun`
 */
export async function submitGoal(
  parts: GatewayParts,
  rawBody: unknown,
  idempotencyKey: string | undefined,
): Promise<RunAccepted> {
  const body = parseBody(SubmitGoal, rawBody);
  const { requestId: inBody, goal, input = {}, approval, policy, ...facts } = body;
  if (policy !== undefined && approval === 'given') throw nobodyIsAsked();
  const requestId = requestIdOf(idempotencyKey, inBody) ?? parts.newId();
  const catalog = await goalCatalog(parts, goal);
  return takeSubmission(
    parts,
    {
      ...facts,
      requestId,
      workflow: GOAL_WORKFLOW,
      input: JSON.parse(JSON.stringify({ goal, input, approval, policy, catalog })),
    },
    { asked: { ...body, requestId: undefined }, likeness: withoutCatalog },
  );
}

/** What there was is no part of what was asked. */
const withoutCatalog = ({ catalog: _, ...asked }: JsonObject): JsonObject => asked;

const nobodyIsAsked = (): ProblemError =>
  new ProblemError('The goal says who may approve what is composed, and that nobody is asked.', {
    status: 422,
    code: 'invalid-body',
    next: 'Leave out the policy, or have it asked for approval.',
    errors: [{ pointer: '/policy', detail: 'has no meaning where approval is given' }],
  });
