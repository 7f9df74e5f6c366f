import { CancelRun, type RunAccepted, type RunView } from '@baton/contracts';
import { acceptRequest, findRequest } from '@baton/event-store';
import { canonicalSha256, recallRequest, rememberRequest } from '@baton/read-model';
import { z } from 'zod';
import { parseBody } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import type { GatewayParts } from '../parts.js';
import { requireRun } from './find-run.js';
import { CALLER, HttpRequestId, idempotencyConflict, requestIdOf, sendToIntake, toMessage } from './requests.js';

const Body = z.strictObject({ requestId: HttpRequestId.optional(), reason: CancelRun.shape.reason });

/**
 * Takes a cancellation, as durable as a submission. The run ends when the hub has taken it.
 *
 * @throws ProblemError 404, 409 when the run has ended or not begun, 422
 */
export async function cancelRun(
  parts: GatewayParts,
  idOrPrefix: string,
  rawBody: unknown,
  idempotencyKey: string | undefined,
): Promise<RunAccepted> {
  const { pool } = parts;
  const body = parseBody(Body, rawBody ?? {});
  const requestId = requestIdOf(idempotencyKey, body.requestId) ?? parts.newId();
  const run = await requireRun(pool, idOrPrefix);
  const { runId } = run;
  const { reason } = body;
  const request = { requestId, runId, sha256: canonicalSha256({ cancel: runId, reason }), view: null };
  const answer: RunAccepted = { runId, requestId, status: 'accepted' };

  const known = await recallRequest(pool, request);
  if (known === 'other') throw idempotencyConflict(requestId);
  if (known === 'same' && (await findRequest(pool, requestId)) !== null) return answer;
  if (known === null) refuseUnlessRunning(run);

  const message = toMessage({ requestId, runId, reason, actor: CALLER });
  if ((await rememberRequest(pool, request)) === 'other') throw idempotencyConflict(requestId);
  const acceptance = await acceptRequest(pool, { requestId, name: 'cancel', message });
  if (acceptance.status === 'already-processed') {
    if (acceptance.runId !== runId) throw idempotencyConflict(requestId);
    return answer;
  }
  await sendToIntake(parts, { requestId, name: 'cancel', message });
  return answer;
}

function refuseUnlessRunning({ runId, status }: RunView): void {
  if (status === 'running') return;
  if (status === 'accepted') {
    // The hub would find nothing to cancel, and begin the run afterwards.
    throw new ProblemError(`Run ${runId} has not begun yet.`, {
      status: 409,
      code: 'run-not-started',
      next: 'Try again in a moment.',
      headers: { 'retry-after': '1' },
    });
  }
  throw new ProblemError(`Run ${runId} has ended already: it ${status === 'cancelled' ? 'was cancelled' : status}.`, {
    status: 409,
    code: 'run-ended',
    next: `Nothing is left to cancel; GET /v1/runs/${runId}/result has the outcome.`,
  });
}
