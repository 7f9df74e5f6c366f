import { Actor, BatonError, WebhookEvent, type WebhookView } from '@baton/contracts';
import type { Pool } from 'pg';
import { z } from 'zod';

/** Each event is looked at for each of them. */
export const MOST_WEBHOOKS = 100;

const COLUMNS = 'webhook_id, url, events, disabled_reason, created_at, created_by::text as created_by';
const Row = z
  .object({
    webhook_id: z.string(),
    url: z.string(),
    events: z.array(WebhookEvent),
    disabled_reason: z.string().nullable(),
    created_at: z.date(),
    created_by: z.string(),
  })
  .transform(
    (row): WebhookView => ({
      webhookId: row.webhook_id,
      url: row.url,
      events: row.events,
      status: row.disabled_reason === null ? 'active' : 'disabled',
      disabledReason: row.disabled_reason,
      createdAt: row.created_at.toISOString(),
      createdBy: Actor.parse(JSON.parse(row.created_by)),
    }),
  );

/**
 * Stores an endpoint, which hears of everything from now on and of nothing before. URL and secret are checked already.
 *
 * @throws BatonError `too-many-webhooks`
 */
export async function createWebhook(
  pool: Pool,
  webhook: {
    readonly url: string;
    readonly events: readonly WebhookEvent[];
    readonly secret: string;
    readonly createdBy: Actor;
  },
): Promise<WebhookView> {
  const { rows } = await pool.query(
    `insert into baton.webhook (url, events, secret, after_position, created_by)
     select $1, $2, $3, head, $4 from baton.log where (select count(*) from baton.webhook) < $5
     returning ${COLUMNS}`,
    [webhook.url, [...new Set(webhook.events)], webhook.secret, JSON.stringify(webhook.createdBy), MOST_WEBHOOKS],
  );
  if (rows[0] !== undefined) return Row.parse(rows[0]);
  throw new BatonError(`There are ${MOST_WEBHOOKS} webhooks already, which is the most there can be.`, {
    code: 'too-many-webhooks',
    next: 'Remove one that is not needed any more.',
  });
}

/** Oldest first. */
export async function listWebhooks(pool: Pool): Promise<readonly WebhookView[]> {
  const { rows } = await pool.query(`select ${COLUMNS} from baton.webhook order by created_at, webhook_id`);
  return rows.map((row) => Row.parse(row));
}

/** Removes an endpoint with all that was, or is still to be, sent to it. @returns whether there was one */
export async function removeWebhook(pool: Pool, webhookId: string): Promise<boolean> {
  const { rowCount } = await pool.query('delete from baton.webhook where webhook_id = $1', [webhookId]);
  return rowCount === 1;
}

/** Sends nothing more to an endpoint, neither what waits nor what comes. */
export async function disableWebhook(pool: Pool, webhookId: string, reason: string): Promise<void> {
  await pool.query(
    `with disabled as (
       update baton.webhook set disabled_at = clock_timestamp(), disabled_reason = $2
        where webhook_id = $1 and disabled_at is null)
     update baton.webhook_delivery set status = 'failed', settled_at = clock_timestamp()
      where webhook_id = $1 and status = 'pending'`,
    [webhookId, reason],
  );
}
