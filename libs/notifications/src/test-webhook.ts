import type { Notification, WebhookTest } from '@baton/contracts';
import { type SendPorts, sendDelivery } from './send-delivery.js';
import { LEASE_MS } from './sender.js';
import { getDelivery } from './store/deliveries.js';
import { storeLeased } from './store/leases.js';

/** Sends `webhook.test` to an endpoint now, once, and tells what came back. Null when there is no such webhook. */
export async function testWebhook(ports: SendPorts, webhookId: string): Promise<WebhookTest | null> {
  const notification: Notification = {
    type: 'webhook.test',
    timestamp: new Date(ports.nowMs()).toISOString(),
    data: { webhookId },
  };
  const { type } = notification;
  const body = JSON.stringify(notification);
  const leased = await storeLeased(ports.pool, { webhookId, type, body, leaseMs: LEASE_MS });
  if (leased === null) return null;
  const answer = await sendDelivery(ports, leased, null, new AbortController().signal);
  const delivery = await getDelivery(ports.pool, webhookId, leased.deliveryId);
  if (delivery === null) return null;
  return { delivery, answer: answer.type === 'answered' ? answer.text : null };
}
