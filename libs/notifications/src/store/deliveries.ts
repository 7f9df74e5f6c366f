import type { WebhookAttempt, WebhookDelivery } from '@baton/contracts';
import { type Selectable, sql } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { notifications } from '../database.js';
import type { Tables } from '../tables.js';

export interface DeliveryPage {
  readonly deliveries: readonly WebhookDelivery[];
  /** Where the next page begins; null on the last one. */
  readonly next: number | null;
}

const COLUMNS = [
  'seq',
  'delivery_id',
  'webhook_id',
  'type',
  'run_id',
  'position',
  'status',
  'due_at',
  'created_at',
] as const;
/** The table holds no other status. */
interface Narrowed {
  readonly status: WebhookDelivery['status'];
}
type Row = Pick<Selectable<Tables['webhook_delivery']>, (typeof COLUMNS)[number]> & Narrowed;

const deliveriesOf = (connection: Pool | PoolClient, webhookId: string) =>
  notifications(connection)
    .selectFrom('webhook_delivery')
    .select(COLUMNS)
    .where('webhook_id', '=', webhookId)
    .$narrowType<Narrowed>();

/** What was, or is to be, sent to a webhook, newest first. @param before `next` of the page before */
export async function listDeliveries(
  pool: Pool,
  webhookId: string,
  limit: number,
  before: number | null,
): Promise<DeliveryPage> {
  let query = deliveriesOf(pool, webhookId);
  if (before !== null) query = query.where('seq', '<', before);
  const rows = await query
    .orderBy('seq', 'desc')
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    deliveries: await withAttempts(pool, page),
    next: rows.length > limit && last !== undefined ? last.seq : null,
  };
}

/** Null when the webhook has no such delivery. */
export async function getDelivery(
  connection: Pool | PoolClient,
  webhookId: string,
  deliveryId: string,
): Promise<WebhookDelivery | null> {
  const rows = await deliveriesOf(connection, webhookId).where('delivery_id', '=', deliveryId).execute();
  const [delivery] = await withAttempts(connection, rows);
  return delivery ?? null;
}

/** Makes a delivery due now and begins its schedule anew, also one that arrived. @returns whether there is one */
export async function sendAgain(
  connection: Pool | PoolClient,
  webhookId: string,
  deliveryId: string,
): Promise<boolean> {
  const { numUpdatedRows } = await notifications(connection)
    .updateTable('webhook_delivery')
    .set(({ ref }) => ({
      status: 'pending',
      settled_at: null,
      due_at: sql<Date>`clock_timestamp()`,
      schedule_from: ref('attempts'),
    }))
    .where('webhook_id', '=', webhookId)
    .where('delivery_id', '=', deliveryId)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Forgets what was settled that long ago. The cursor is past their events, so that none comes again. */
export async function forgetSettled(pool: Pool, olderThanDays: number): Promise<number> {
  const { numDeletedRows } = await notifications(pool)
    .deleteFrom('webhook_delivery')
    .where('settled_at', '<', sql<Date>`now() - ${olderThanDays}::int * interval '1 day'`)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

async function withAttempts(connection: Pool | PoolClient, page: readonly Row[]): Promise<readonly WebhookDelivery[]> {
  const rows = await notifications(connection, 'webhook-attempts')
    .selectFrom('webhook_attempt')
    .select(['delivery_id', 'number', 'at', 'duration_ms', 'response_status', 'error'])
    .where('delivery_id', '=', sql<string>`any(${page.map(({ delivery_id }) => delivery_id)}::uuid[])`)
    .orderBy('delivery_id')
    .orderBy('number')
    .execute();
  const attempts = Map.groupBy(rows, ({ delivery_id }) => delivery_id);
  return page.map((row) => ({
    deliveryId: row.delivery_id,
    webhookId: row.webhook_id,
    type: row.type,
    runId: row.run_id,
    position: row.position,
    status: row.status,
    createdAt: row.created_at.toISOString(),
    nextAttemptAt: row.status === 'pending' ? row.due_at.toISOString() : null,
    attempts: (attempts.get(row.delivery_id) ?? []).map(
      (each): WebhookAttempt => ({
        number: each.number,
        at: each.at.toISOString(),
        durationMs: each.duration_ms,
        status: each.response_status,
        error: each.error,
      }),
    ),
  }));
}
