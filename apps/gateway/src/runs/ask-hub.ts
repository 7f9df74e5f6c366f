import type { RequestId, RunAccepted, RunId, RunView } from '@baton/contracts';
import { acceptRequest, findRequest, hashesIn, holdBlobs } from '@baton/event-store';
import { canonicalSha256 } from '@baton/workflow';
import { currentTrace } from '../http/trace-requests.js';
import { idempotencyConflict } from '../once/idempotency-keys.js';
import type { GatewayParts } from '../parts/parts.js';
import { recallRequest, rememberRequest } from './remember-request.js';
import { sendToIntake, toMessage } from './requests.js';

/** A request about a run that exists. */
export interface HubRequest {
  /** Of the job on `intake`. */
  readonly name: string;
  readonly requestId: RequestId;
  readonly runId: RunId;
  /** What is asked beside that: with the name and the run it says whether a repetition asks for the same. */
  readonly asked: Readonly<Record<string, unknown>>;
  /** A run that this request begins. */
  readonly begins?: { readonly runId: RunId; readonly view: RunView };
  /**
   * Throws when it cannot be done as things are. Not asked about a repetition: that it was done may be why it cannot be
   * done now.
   */
  check(): void | Promise<void>;
}

/**
 * Takes a request, as durable as a submission; the hub carries it out.
 *
 * @throws ProblemError 413, 422, and what `check` throws
 */
export async function askHub(parts: GatewayParts, request: HubRequest): Promise<RunAccepted> {
  const { pool } = parts;
  const { name, requestId, asked, begins } = request;
  const runId = begins?.runId ?? request.runId;
  const sha256 = canonicalSha256({ [name]: request.runId, ...asked });
  const remembered = { requestId, runId, sha256, view: begins?.view ?? null };
  const answer: RunAccepted = { runId, requestId, status: 'accepted' };

  const known = await recallRequest(pool, remembered);
  if (known === 'other') throw idempotencyConflict(requestId);
  if (known === 'same' && (await findRequest(pool, requestId)) !== null) return answer;
  if (known === null) await request.check();

  const message = toMessage({ requestId, runId: request.runId, ...asked, actor: parts.caller().actor });
  await holdBlobs(pool, hashesIn(JSON.stringify(message)));
  if ((await rememberRequest(pool, remembered)) === 'other') throw idempotencyConflict(requestId);
  const acceptance = await acceptRequest(pool, { requestId, name, message, traceparent: currentTrace() });
  if (acceptance.status === 'already-processed') {
    if (acceptance.runId !== runId) throw idempotencyConflict(requestId);
    return answer;
  }
  await sendToIntake(parts, { requestId, name, message });
  return answer;
}
