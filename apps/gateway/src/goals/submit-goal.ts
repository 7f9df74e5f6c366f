import { GOAL_WORKFLOW, type JsonObject, type RunAccepted, SubmitGoal } from '@baton/contracts';
import { parseBody } from '../http/parse.js';
import { requestIdOf } from '../once/idempotency-keys.js';
import type { GatewayParts } from '../parts/parts.js';
import { takeSubmission } from '../runs/submit-run.js';
import { goalCatalog } from './goal-catalog.js';

/**
 * Takes a goal: a run of the workflow `goal`, with what there is to compose of in its input. The same goal under the same id is
 * one run, whatever there is by then.
 *
 * @throws ProblemError 403 where it shall run unasked and the caller may not approve, and as `submitRun`
 */
export async function submitGoal(
  parts: GatewayParts,
  rawBody: unknown,
  idempotencyKey: string | undefined,
): Promise<RunAccepted> {
  const body = parseBody(SubmitGoal, rawBody);
  const { requestId: inBody, goal, input = {}, approval, ...facts } = body;
  const requestId = requestIdOf(idempotencyKey, inBody) ?? parts.newId();
  const catalog = await goalCatalog(parts, goal);
  return takeSubmission(
    parts,
    {
      ...facts,
      requestId,
      workflow: GOAL_WORKFLOW,
      input: { goal, input, approval, catalog: JSON.parse(JSON.stringify(catalog)) },
    },
    { asked: { ...body, requestId: undefined }, likeness: withoutCatalog },
  );
}

/** What there was is no part of what was asked. */
const withoutCatalog = ({ catalog: _, ...asked }: JsonObject): JsonObject => asked;
