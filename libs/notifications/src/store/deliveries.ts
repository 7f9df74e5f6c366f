import type { WebhookAttempt, WebhookDelivery } from '@baton/contracts';
import type { Pool } from 'pg';
import { z } from 'zod';

export interface DeliveryPage {
  readonly deliveries: readonly WebhookDelivery[];
  /** Where the next page begins; null on the last one. */
  readonly next: number | null;
}

const COLUMNS = `d.seq, d.delivery_id, d.webhook_id, d.type, d.run_id, d.position, d.status, d.due_at, d.created_at`;
const Row = z.object({
  seq: z.int(),
  delivery_id: z.string(),
  webhook_id: z.string(),
  type: z.string(),
  run_id: z.string().nullable(),
  position: z.int().nullable(),
  status: z.enum(['pending', 'delivered', 'failed']),
  due_at: z.date(),
  created_at: z.date(),
});
type Row = z.infer<typeof Row>;
const AttemptRow = z.object({
  delivery_id: z.string(),
  number: z.int(),
  at: z.date(),
  duration_ms: z.int(),
  response_status: z.int().nullable(),
  error: z.string().nullable(),
});

/** What was, or is to be, sent to a webhook, newest first. @param before `next` of the page before */
export async function listDeliveries(
  pool: Pool,
  webhookId: string,
  limit: number,
  before: number | null,
): Promise<DeliveryPage> {
  const { rows } = await pool.query(
    `select ${COLUMNS} from baton.webhook_delivery d
      where d.webhook_id = $1 and ($2::bigint is null or d.seq < $2) order by d.seq desc limit $3`,
    [webhookId, before, limit + 1],
  );
  const page = rows.slice(0, limit).map((row) => Row.parse(row));
  const last = page.at(-1);
  return {
    deliveries: await withAttempts(pool, page),
    next: rows.length > limit && last !== undefined ? last.seq : null,
  };
}

/** Null when the webhook has no such delivery. */
export async function getDelivery(pool: Pool, webhookId: string, deliveryId: string): Promise<WebhookDelivery | null> {
  const { rows } = await pool.query(
    `select ${COLUMNS} from baton.webhook_delivery d where d.webhook_id = $1 and d.delivery_id = $2`,
    [webhookId, deliveryId],
  );
  const [delivery] = await withAttempts(
    pool,
    rows.map((row) => Row.parse(row)),
  );
  return delivery ?? null;
}

/** Makes a delivery due now and begins its schedule anew, also one that arrived. @returns whether there is one */
export async function sendAgain(pool: Pool, webhookId: string, deliveryId: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update baton.webhook_delivery
        set status = 'pending', settled_at = null, due_at = clock_timestamp(), schedule_from = attempts
      where webhook_id = $1 and delivery_id = $2`,
    [webhookId, deliveryId],
  );
  return rowCount === 1;
}

/** Forgets what was settled that long ago. The cursor is past their events, so that none comes again. */
export async function forgetSettled(pool: Pool, olderThanDays: number): Promise<number> {
  const { rowCount } = await pool.query(
    `delete from baton.webhook_delivery where settled_at < now() - $1 * interval '1 day'`,
    [olderThanDays],
  );
  return rowCount ?? 0;
}

async function withAttempts(pool: Pool, page: readonly Row[]): Promise<readonly WebhookDelivery[]> {
  const { rows } = await pool.query(
    `select delivery_id, number, at, duration_ms, response_status, error from baton.webhook_attempt
      where delivery_id = any($1::uuid[]) order by delivery_id, number`,
    [page.map(({ delivery_id }) => delivery_id)],
  );
  const attempts = Map.groupBy(
    rows.map((row) => AttemptRow.parse(row)),
    ({ delivery_id }) => delivery_id,
  );
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
