import { query } from '@baton/event-store';
import type { Pool } from 'pg';
import { notifications } from '../database.js';
import type { Tables } from '../tables.js';

/** A delivery that one sender has for a while, and all that it needs to send it. */
export interface LeasedDelivery {
  readonly deliveryId: string;
  readonly webhookId: string;
  readonly url: string;
  readonly secret: string;
  readonly body: string;
  readonly lease: string;
  /** Attempts that failed since the schedule began. */
  readonly failed: number;
}

/** One request and what became of it. */
export interface Attempt {
  readonly at: Date;
  readonly durationMs: number;
  readonly status: number | null;
  readonly error: string | null;
}

type Row = Readonly<
  Pick<Tables['webhook_delivery'], 'webhook_id' | 'body'> & Pick<Tables['webhook'], 'url' | 'secret'>
> & { readonly delivery_id: string; readonly lease: string; readonly failed: number };

const toLeased = ({ delivery_id, webhook_id, ...row }: Row): LeasedDelivery => ({
  deliveryId: delivery_id,
  webhookId: webhook_id,
  ...row,
});

// Leasing stays in SQL: what makes it right is the order of its locks, which is read best as it runs.

/**
 * Takes deliveries that are due and that no other sender has, oldest first, no more of a webhook than may be under way
 * at once: a slow one leaves the places of the others free. Whoever does not settle them in time loses them to the next.
 */
export async function leaseDue(
  pool: Pool,
  options: { readonly most: number; readonly mostPerWebhook: number; readonly leaseMs: number },
): Promise<readonly LeasedDelivery[]> {
  const rows = await query<Row>(
    pool,
    'lease-due',
    `with due as materialized (
       select d.seq from baton.webhook w
        cross join lateral (
          select p.seq from baton.webhook_delivery p
           where p.webhook_id = w.webhook_id and p.status = 'pending' and p.due_at <= now()
             and (p.leased_until is null or p.leased_until < now())
           order by p.due_at, p.seq
           limit greatest(0, $2 - (select count(*) from baton.webhook_delivery b
                                    where b.webhook_id = w.webhook_id and b.leased_until >= now()))
           for update skip locked) d
        where w.disabled_at is null
        limit $1)
     update baton.webhook_delivery d
        set lease = gen_random_uuid(), leased_until = now() + $3 * interval '1 millisecond'
       from due, baton.webhook w
      where d.seq = due.seq and w.webhook_id = d.webhook_id
     returning d.delivery_id, d.webhook_id, w.url, w.secret, d.body, d.lease, d.attempts - d.schedule_from as failed`,
    [options.most, options.mostPerWebhook, options.leaseMs],
  );
  return rows.map(toLeased);
}

/** Stores a delivery that the caller sends itself; should it never do so, a sender does when the lease is over. */
export async function storeLeased(
  pool: Pool,
  delivery: { readonly webhookId: string; readonly type: string; readonly body: string; readonly leaseMs: number },
): Promise<LeasedDelivery | null> {
  const [row] = await query<Row>(
    pool,
    'store-leased',
    `with stored as (
       insert into baton.webhook_delivery (webhook_id, type, body, lease, leased_until)
       select webhook_id, $2, $3, gen_random_uuid(), now() + $4 * interval '1 millisecond'
         from baton.webhook where webhook_id = $1
       returning delivery_id, webhook_id, body, lease, 0 as failed)
     select s.*, w.url, w.secret from stored s join baton.webhook w using (webhook_id)`,
    [delivery.webhookId, delivery.type, delivery.body, delivery.leaseMs],
  );
  return row === undefined ? null : toLeased(row);
}

/**
 * Records an attempt and what follows from it. A success counts whoever had it; a failure moves the delivery only while
 * the lease is the caller's, since by now another sender may be at it.
 *
 * @param waitMs until the next attempt, if this one failed; null when there is none
 */
export async function settle(
  pool: Pool,
  { deliveryId, lease }: LeasedDelivery,
  attempt: Attempt & { readonly isDelivered: boolean },
  waitMs: number | null,
): Promise<void> {
  await query(
    pool,
    'settle-delivery',
    `with settled as (
       update baton.webhook_delivery
          set attempts = attempts + 1,
              status = case when $3 then 'delivered'
                            when lease = $2 and status = 'pending' and $4::float8 is null then 'failed' else status end,
              due_at = case when lease = $2 and $4::float8 is not null
                            then clock_timestamp() + $4::float8 * interval '1 millisecond' else due_at end,
              settled_at = case when $3 or (lease = $2 and $4::float8 is null) then clock_timestamp() else settled_at end,
              lease = case when lease = $2 or $3 then null else lease end,
              leased_until = case when lease = $2 or $3 then null else leased_until end
        where delivery_id = $1
       returning delivery_id, attempts)
     insert into baton.webhook_attempt (delivery_id, number, at, duration_ms, response_status, error)
     select delivery_id, attempts, $5, $6, $7, $8 from settled`,
    [
      deliveryId,
      lease,
      attempt.isDelivered,
      waitMs,
      attempt.at,
      Math.max(0, Math.round(attempt.durationMs)),
      attempt.status,
      attempt.error,
    ],
  );
}

/** Gives back what was not sent, for another sender to take at once. */
export async function release(pool: Pool, { deliveryId, lease }: LeasedDelivery): Promise<void> {
  await notifications(pool, 'release-delivery')
    .updateTable('webhook_delivery')
    .set({ lease: null, leased_until: null })
    .where('delivery_id', '=', deliveryId)
    .where('lease', '=', lease)
    .execute();
}
