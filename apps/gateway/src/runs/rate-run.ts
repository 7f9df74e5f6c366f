import { didYouMean, NewRequestId, RateRun, type RunAccepted, type RunView } from '@baton/contracts';
import { listDecisions } from '@baton/read-model';
import { statesOfDocument } from '@baton/workflow';
import { parseBody } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { requestIdOf } from '../once/idempotency-keys.js';
import type { GatewayParts } from '../parts/parts.js';
import { askHub } from './ask-hub.js';
import { requireRun } from './find-run.js';
import { stateAt } from './run-state.js';
import { notStarted } from './steer-run.js';

/** Body of `POST /v1/runs/{id}/ratings`. */
export const RateRunBody = RateRun.omit({ runId: true, actor: true, traceparent: true })
  .extend({ requestId: NewRequestId.optional() })
  .strict();

/**
 * Takes what a person thinks of a run, of one of its decisions or of a state: an event of its log, also after its end. A run
 * that is in an archive is brought back for it.
 *
 * @throws ProblemError 404, 409 when the run has not begun, 422 when it has no such decision or state, or both are named
 */
export async function rateRun(
  parts: GatewayParts,
  idOrPrefix: string,
  rawBody: unknown,
  idempotencyKey: string | undefined,
): Promise<RunAccepted> {
  const { requestId: inBody, ...asked } = parseBody(RateRunBody, rawBody);
  const run = await requireRun(parts, idOrPrefix);
  return askHub(parts, {
    name: 'rate',
    requestId: requestIdOf(idempotencyKey, inBody) ?? parts.newId(),
    runId: run.runId,
    asked,
    check: async () => {
      if (run.version === 0) throw notStarted(run);
      const { decisionId, state } = asked;
      if (decisionId !== undefined && state !== undefined) {
        throw wrong('/state', 'Either a decision is rated, or a state.', 'Leave one of them out.');
      }
      if (decisionId !== undefined) await requireDecision(parts, run.runId, decisionId);
      if (state !== undefined) await requireState(parts, run, state);
    },
  });
}

/** More than anybody rates; of older ones the id is believed to be wrong. */
const MOST_DECISIONS = 1_000;

async function requireDecision({ pool }: GatewayParts, runId: string, decisionId: string): Promise<void> {
  const { decisions } = await listDecisions(pool, { runId }, MOST_DECISIONS);
  if (decisions.some((each) => each.decisionId === decisionId)) return;
  throw wrong(
    '/decisionId',
    `Run ${runId} has no decision ${decisionId}.`,
    `GET /v1/decisions?run=${runId} lists those it has.`,
  );
}

async function requireState({ pool }: GatewayParts, { runId, version }: RunView, state: string): Promise<void> {
  const run = await stateAt(pool, runId, version);
  const names = run.status === 'new' ? [] : [...statesOfDocument(run.document).keys()];
  if (names.length === 0 || names.includes(state)) return;
  throw wrong(
    '/state',
    `The workflow of run ${runId} has no state ${state}.${didYouMean(state, names)}`,
    `GET /v1/runs/${runId}/events lists those that it has been in.`,
  );
}

const wrong = (pointer: string, message: string, next: string): ProblemError =>
  new ProblemError(message, {
    status: 422,
    code: 'cannot-be-rated',
    next,
    errors: [{ pointer, detail: 'names nothing that can be rated' }],
  });
