import type { WebhookDelivery, WebhookView } from '@baton/contracts';
import { getDelivery, listWebhooks } from '@baton/notifications';
import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { ProblemError } from '../http/problem.js';

/** The webhook that an id, or the beginning of one, stands for. @throws ProblemError 404, or 409 when several begin so */
export async function requireWebhook(pool: Pool, idOrPrefix: string): Promise<WebhookView> {
  const prefix = idOrPrefix.toLowerCase();
  const found = (await listWebhooks(pool)).filter(({ webhookId }) => webhookId.startsWith(prefix));
  const [webhook] = found;
  if (webhook === undefined || prefix === '') throw webhookNotFound(idOrPrefix);
  if (found.length === 1) return webhook;
  throw new ProblemError(
    `More than one webhook begins with ${prefix}: ${found.map(({ webhookId }) => webhookId).join(', ')}.`,
    { status: 409, code: 'webhook-id-ambiguous', next: 'Give more of the id.' },
  );
}

export const webhookNotFound = (id: string): ProblemError =>
  new ProblemError(`There is no webhook ${id.slice(0, 64)}.`, {
    status: 404,
    code: 'webhook-not-found',
    next: 'GET /v1/webhooks lists the webhooks there are.',
  });

/** @throws ProblemError 404 */
export async function requireDelivery(
  connection: Pool | PoolClient,
  webhookId: string,
  id: string,
): Promise<WebhookDelivery> {
  const deliveryId = z.uuid().safeParse(id);
  const delivery = deliveryId.success ? await getDelivery(connection, webhookId, deliveryId.data) : null;
  if (delivery !== null) return delivery;
  throw new ProblemError(`Webhook ${webhookId} has no delivery ${id.slice(0, 64)}.`, {
    status: 404,
    code: 'delivery-not-found',
    next: `GET /v1/webhooks/${webhookId}/deliveries lists them; those that were settled a month ago are gone.`,
  });
}
