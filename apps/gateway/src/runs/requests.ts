import { setTimeout as sleep } from 'node:timers/promises';
import { INTAKE_QUEUE, type JsonObject, toError } from '@baton/contracts';
import { ProblemError } from '../http/problem.js';
import type { GatewayParts } from '../parts/parts.js';

const PUBLISH_PATIENCE_MS = 2_000;
/** What the intake queue takes. */
const MOST_BYTES = 1024 * 1024;

/** The message as it is stored and sent; its trace is stored beside it, and not sent. @throws ProblemError 413 when the queue would not take it */
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
  request: {
    readonly requestId: string;
    readonly name: string;
    readonly message: JsonObject;
    /** In the queue; 0 is most urgent, and what it is where it is absent. */
    readonly priority?: number;
  },
): Promise<void> {
  const { requestId, name, message, priority = 0 } = request;
  // An id that nobody can know before: a job that waits under the same id would swallow this one. What was sent twice the hub
  // tells by the request id.
  const sent = queues.publish(INTAKE_QUEUE, [{ jobId: `q-${newId()}`, name, data: message, priority }]).then(
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
