import { randomBytes } from 'node:crypto';
import { BatonError, type CreateWebhookBody, type WebhookCreated, WebhookEvent } from '@baton/contracts';
import { checkTarget, newSecret, secretProblem, createWebhook as store } from '@baton/notifications';
import { type PointedError, ProblemError } from '../http/problem.js';
import type { Deed } from '../once/once.js';
import type { GatewayParts } from '../parts/parts.js';

/**
 * Sees to it that a webhook can be set, which hears of what happens from then on.
 *
 * @returns what sets it
 * @throws ProblemError 422 with what is wrong with the URL, the events or the secret; 409 when there are too many
 */
export async function prepareWebhook(
  { webhookTargets, caller }: Pick<GatewayParts, 'webhookTargets' | 'caller'>,
  body: CreateWebhookBody,
): Promise<Deed<WebhookCreated>> {
  const { url, events = WebhookEvent.options, workflows, labels, secret = newSecret(randomBytes) } = body;
  const target = await checkTarget(url, webhookTargets);
  const wrongSecret = secretProblem(secret);
  if (target.status === 'refused' || wrongSecret !== null) {
    throw refused([
      ...(target.status === 'refused' ? [{ pointer: '/url', detail: target.reason }] : []),
      ...(wrongSecret === null ? [] : [{ pointer: '/secret', detail: wrongSecret }]),
    ]);
  }
  const webhook = { url: target.url, events, workflows, labels, secret, createdBy: caller().actor };
  return async (connection) => {
    try {
      return { ...(await store(connection, webhook)), secret };
    } catch (thrown) {
      if (!(thrown instanceof BatonError) || thrown.code !== 'too-many-webhooks') throw thrown;
      const next = 'DELETE /v1/webhooks/{id} removes one.';
      throw new ProblemError(thrown.message, { status: 409, code: thrown.code, next, cause: thrown });
    }
  };
}

const refused = (errors: readonly PointedError[]): ProblemError =>
  new ProblemError('The webhook was refused.', {
    status: 422,
    code: 'webhook-refused',
    next: 'Correct what errors[] points at. A private address, or plain http, needs BATON_WEBHOOK_ALLOW_PRIVATE=true for gateway and orchestrator.',
    errors,
  });
