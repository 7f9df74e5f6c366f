import { setTimeout as sleep } from 'node:timers/promises';
import { INTAKE_QUEUE, type JsonObject, NewRequestId, toError } from '@baton/contracts';
import { z } from 'zod';
import { parseParameters } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import type { GatewayParts } from '../parts/parts.js';

const PUBLISH_PATIENCE_MS = 2_000;
/** What the intake queue takes. */
const MOST_BYTES = 1024 * 1024;

const KeyHeader = z.object({ 'Idempotency-Key': NewRequestId.optional() });

/**
 * The request id: the header `Idempotency-Key`, bare or as the quoted string of its draft standard, or `requestId` of
 * the body. Null when there is neither. The same characters are the same key, wherever they stand.
 *
 * @throws ProblemError 400 when the header is wrong, 422 when both are given and differ
 */
export function requestIdOf(header: string | undefined, inBody: string | undefined): string | null {
  const text = header === undefined ? undefined : textOfHeader(header).trim();
  const bare = text === undefined ? undefined : (/^"(.*)"$/.exec(text)?.[1] ?? text);
  const { 'Idempotency-Key': key } = parseParameters(KeyHeader, { 'Idempotency-Key': bare });
  if (key !== undefined && inBody !== undefined && key !== inBody) {
    throw new ProblemError('The Idempotency-Key header and requestId of the body are not the same.', {
      status: 422,
      code: 'idempotency-conflict',
      next: 'Send one of them.',
      errors: [{ pointer: '/requestId', detail: `differs from the header, which is ${JSON.stringify(key)}` }],
    });
  }
  return key ?? inBody ?? null;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A header as its sender meant it. Node reads each byte as a character (Latin-1). Most clients send UTF-8; `fetch` sends
 * Latin-1, and refuses what that does not have. Bytes that are no UTF-8 are therefore taken as they are.
 */
function textOfHeader(header: string): string {
  try {
    return UTF8.decode(Buffer.from(header, 'latin1'));
  } catch {
    return header;
  }
}

export const idempotencyConflict = (requestId: string): ProblemError =>
  new ProblemError(`The request id ${requestId} was used before, for another request.`, {
    status: 422,
    code: 'idempotency-conflict',
    next: 'Repeat the first request unchanged, or use a new Idempotency-Key.',
  });

/** The message as it is stored and sent. @throws ProblemError 413 when the queue would not take it */
export function toMessage(message: object): JsonObject {
  const text = JSON.stringify(message);
  if (Buffer.byteLength(text) > MOST_BYTES) {
    throw new ProblemError('The request is larger than 1 MiB.', {
      status: 413,
      code: 'body-too-large',
      next: 'Send less: put large material where the agents can read it and name the place in the input.',
    });
  }
  return JSON.parse(text);
}

/**
 * Sends a stored request to the hub. It need not arrive: the request is in Postgres, and the hub takes from there what
 * the queue did not bring. So a queue server that is away delays the run and never refuses it.
 */
export async function sendToIntake(
  { queues, log, newId }: Pick<GatewayParts, 'queues' | 'log' | 'newId'>,
  request: { readonly requestId: string; readonly name: string; readonly message: JsonObject },
): Promise<void> {
  const { requestId, name, message } = request;
  // An id that nobody can know before: a job that waits under the same id would swallow this one. What was sent twice the hub
  // tells by the request id.
  const sent = queues.publish(INTAKE_QUEUE, [{ jobId: `q-${newId()}`, name, data: message }]).then(
    () => true,
    (thrown: unknown) => {
      log.warn({ requestId, err: toError(thrown) }, 'request stored but not sent, the hub will find it');
      return true;
    },
  );
  const patience = new AbortController();
  const isSettled = await Promise.race([
    sent,
    sleep(PUBLISH_PATIENCE_MS, false, { signal: patience.signal, ref: false }),
  ]);
  patience.abort();
  if (!isSettled) log.warn({ requestId }, 'request stored, the queue takes long to answer');
}
