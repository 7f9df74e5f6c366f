import type { Notification } from '@baton/contracts';
import type { Pool } from 'pg';
import { Webhook } from 'standardwebhooks';
import { type Answer, type PostPorts, post } from './http/post.js';
import { type LeasedDelivery, release, settle } from './store/leases.js';
import { disableWebhook } from './store/webhooks.js';

export interface SendPorts extends PostPorts {
  readonly pool: Pool;
  readonly nowMs: () => number;
  /** A clock for durations. */
  readonly monotonicMs: () => number;
  /** How a request is made; over the network where it is absent. */
  readonly post?: typeof post | undefined;
}

const GONE = 410;

/**
 * Sends one delivery and records the attempt. When this is cut off between the two, the delivery comes again under the
 * same webhook-id, which is how receivers know it.
 *
 * @param waitMs until the next attempt should this one fail; null when it is the last
 * @throws what the database throws, and the reason of `stopped`; the delivery is sent again then
 */
export async function sendDelivery(
  ports: SendPorts,
  delivery: LeasedDelivery,
  waitMs: number | null,
  stopped: AbortSignal,
): Promise<Answer> {
  const { pool } = ports;
  const at = new Date(ports.nowMs());
  const beganMs = ports.monotonicMs();
  const { url, body } = delivery;
  const send = ports.post ?? post;
  const answer = await send({ url, body, headers: headersOf(delivery, at) }, ports, stopped).catch(
    async (thrown: unknown) => {
      await release(pool, delivery);
      throw thrown;
    },
  );
  const status = answer.type === 'answered' ? answer.status : null;
  const isGone = status === GONE;
  const attempt = {
    at,
    durationMs: ports.monotonicMs() - beganMs,
    status,
    error: errorOf(answer),
    isDelivered: isSuccess(answer),
  };
  await settle(pool, delivery, attempt, isGone ? null : waitMs);
  if (isGone) await disableWebhook(pool, delivery.webhookId, 'The endpoint answered 410 Gone.');
  return answer;
}

/** Signed at the time of the attempt: receivers refuse what is older than some minutes. */
function headersOf({ deliveryId, secret, body }: LeasedDelivery, at: Date): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/json',
    'user-agent': 'Baton-Webhooks/1',
    'webhook-id': deliveryId,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(deliveryId, at, body),
    ...cloudEventOf(deliveryId, body),
  };
}

/** The attributes of CloudEvents 1.0, in its binary mode: the body stays what it is. */
function cloudEventOf(deliveryId: string, body: string): Readonly<Record<string, string>> {
  const { type, timestamp, data }: Notification = JSON.parse(body);
  const source = 'runId' in data && data.runId !== null ? `urn:baton:run:${data.runId}` : 'urn:baton';
  return {
    'ce-specversion': '1.0',
    'ce-id': deliveryId,
    'ce-source': source,
    'ce-type': `baton.${type}`,
    'ce-time': timestamp,
  };
}

const isSuccess = (answer: Answer): boolean =>
  answer.type === 'answered' && answer.status >= 200 && answer.status < 300;

function errorOf(answer: Answer): string | null {
  if (answer.type === 'unanswered') return answer.error;
  if (isSuccess(answer)) return null;
  return answer.status >= 300 && answer.status < 400
    ? `answered ${answer.status}, a redirect, which is not followed`
    : `answered ${answer.status}`;
}
