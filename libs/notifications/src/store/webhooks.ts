import { Actor, BatonError, WebhookEvent, type WebhookView } from '@baton/contracts';
import { type Selectable, sql } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { notifications } from '../database.js';
import type { Tables } from '../tables.js';

/** Each event is looked at for each of them. */
const MOST_WEBHOOKS = 100;

const COLUMNS = [
  'webhook_id',
  'url',
  'events',
  'workflows',
  'labels',
  'disabled_reason',
  'created_at',
  'created_by',
] as const;

const Labels = z.record(z.string(), z.string());

type Row = Pick<Selectable<Tables['webhook']>, (typeof COLUMNS)[number]>;

const toView = (row: Row): WebhookView => ({
  webhookId: row.webhook_id,
  url: row.url,
  events: row.events.map((event) => WebhookEvent.parse(event)),
  workflows: row.workflows,
  labels: Labels.parse(JSON.parse(row.labels)),
  status: row.disabled_reason === null ? 'active' : 'disabled',
  disabledReason: row.disabled_reason,
  createdAt: row.created_at.toISOString(),
  createdBy: Actor.parse(JSON.parse(row.created_by)),
});

/**
 * Stores an endpoint, which hears of everything from now on and of nothing before. URL and secret are checked already.
 *
 * @throws BatonError `too-many-webhooks`
 */
export async function createWebhook(
  connection: Pool | PoolClient,
  webhook: {
    readonly url: string;
    readonly events: readonly WebhookEvent[];
    /** Absent: runs of all workflows. */
    readonly workflows?: readonly string[] | undefined;
    /** A run must have all of them. */
    readonly labels?: Readonly<Record<string, string>> | undefined;
    readonly secret: string;
    readonly createdBy: Actor;
  },
): Promise<WebhookView> {
  const stored = await notifications(connection)
    .insertInto('webhook')
    .columns(['url', 'events', 'workflows', 'labels', 'secret', 'after_position', 'after_dead_letter', 'created_by'])
    .expression((eb) => {
      const others = eb.selectFrom('webhook').select(({ fn }) => fn.countAll().as('count'));
      return eb
        .selectFrom('log')
        .select([
          eb.val(webhook.url).as('url'),
          sql<string[]>`${[...new Set(webhook.events)]}::text[]`.as('events'),
          sql<string[] | null>`${webhook.workflows === undefined ? null : [...new Set(webhook.workflows)]}::text[]`.as(
            'workflows',
          ),
          sql<string>`${JSON.stringify(webhook.labels ?? {})}::json`.as('labels'),
          eb.val(webhook.secret).as('secret'),
          'head',
          sql<number>`coalesce((select max(id) from baton.dead_letter), 0)`.as('after_dead_letter'),
          sql<string>`${JSON.stringify(webhook.createdBy)}::json`.as('created_by'),
        ])
        .where(others, '<', MOST_WEBHOOKS);
    })
    .returning(COLUMNS)
    .executeTakeFirst();
  if (stored !== undefined) return toView(stored);
  throw new BatonError(`There are ${MOST_WEBHOOKS} webhooks already, which is the most there can be.`, {
    code: 'too-many-webhooks',
    next: 'Remove one that is not needed any more.',
  });
}

/** Oldest first. */
export async function listWebhooks(pool: Pool): Promise<readonly WebhookView[]> {
  const query = notifications(pool).selectFrom('webhook').select(COLUMNS);
  return (await query.orderBy('created_at').orderBy('webhook_id').execute()).map(toView);
}

/** Removes an endpoint with all that was, or is still to be, sent to it. @returns whether there was one */
export async function removeWebhook(pool: Pool, webhookId: string): Promise<boolean> {
  const query = notifications(pool).deleteFrom('webhook').where('webhook_id', '=', webhookId);
  return (await query.executeTakeFirstOrThrow()).numDeletedRows === 1n;
}

/** Sends nothing more to an endpoint, neither what waits nor what comes. */
export async function disableWebhook(pool: Pool, webhookId: string, reason: string): Promise<void> {
  const now = sql<Date>`clock_timestamp()`;
  await notifications(pool)
    .with('disabled', (db) =>
      db
        .updateTable('webhook')
        .set({ disabled_at: now, disabled_reason: reason })
        .where('webhook_id', '=', webhookId)
        .where('disabled_at', 'is', null),
    )
    .updateTable('webhook_delivery')
    .set({ status: 'failed', settled_at: now })
    .where('webhook_id', '=', webhookId)
    .where('status', '=', 'pending')
    .execute();
}
