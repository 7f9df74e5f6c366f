import { NotificationChannel, type NotificationMessage } from '@baton/contracts';
import { query } from '@baton/event-store';
import type { Pool, PoolClient } from 'pg';

/** A message that one sender has for a while, and all that it needs to send it. */
export interface LeasedMessage {
  readonly messageId: string;
  readonly lease: string;
  /** The name of its rule. */
  readonly rule: string;
  /** Null where this program cannot read it. */
  readonly channel: NotificationChannel | null;
  /** Attempts before this one. */
  readonly attempts: number;
  /** What it tells, oldest first. */
  readonly notices: readonly { readonly type: string; readonly body: string }[];
}

/** What became of an attempt. `failed`: it would be refused each time. */
export type OfMessage =
  | { readonly status: 'delivered'; readonly error: string | null }
  | { readonly status: 'again' | 'failed'; readonly error: string };

/**
 * Takes messages that are due and that no other sender has. Whoever does not settle them in time loses them to the next. What they
 * ask and somebody has answered since is left out; a message with nothing else is settled unsent.
 */
export async function leaseMessages(pool: Pool, most: number, leaseMs: number): Promise<readonly LeasedMessage[]> {
  const rows = await query<{
    message_id: string;
    lease: string;
    name: string;
    channel: string;
    attempts: number;
    types: string[] | null;
    bodies: string[] | null;
  }>(
    pool,
    'lease-messages',
    `with due as materialized (
       select m.message_id from baton.notification_message m
        where m.status = 'pending' and m.due_at <= now() and (m.leased_until is null or m.leased_until < now())
        order by m.due_at limit $1 for update skip locked),
     leased as (
       update baton.notification_message m set lease = gen_random_uuid(), leased_until = now() + $2 * interval '1 millisecond'
         from due where m.message_id = due.message_id returning m.message_id, m.rule_id, m.lease, m.attempts)
     select l.message_id, l.lease, l.attempts, r.name, r.channel, n.types, n.bodies
       from leased l join baton.notification_rule r using (rule_id)
      cross join lateral (select array_agg(n.type order by n.notice_id) as types, array_agg(n.body order by n.notice_id) as bodies
                            from baton.notice n where n.message_id = l.message_id
                             and (n.command_id is null or exists (select from baton.command c where c.command_id = n.command_id))) as n`,
    [most, leaseMs],
  );
  const leased: LeasedMessage[] = [];
  for (const { message_id, lease, attempts, name, channel, types, bodies } of rows) {
    if (types === null) await settleUnsent(pool, message_id, lease);
    else
      leased.push({
        messageId: message_id,
        ...{ lease, attempts },
        rule: name,
        channel: channelOf(channel),
        notices: types.map((type, n) => ({ type, body: bodies?.[n] ?? '' })),
      });
  }
  return leased;
}

function channelOf(text: string): NotificationChannel | null {
  const read = NotificationChannel.safeParse(JSON.parse(text));
  return read.success ? read.data : null;
}

const settleUnsent = (pool: Pool, messageId: string, lease: string): Promise<unknown> =>
  query(
    pool,
    'settle-unsent',
    `update baton.notification_message set status = 'failed', error = $3, lease = null, leased_until = null, settled_at = clock_timestamp()
      where message_id = $1 and lease = $2`,
    [messageId, lease, 'not sent: somebody has answered what it asks'],
  );

/** Records an attempt. A success counts whoever had it; a failure only while the lease is the caller's. */
export async function settleMessage(
  pool: Pool,
  { messageId, lease }: Pick<LeasedMessage, 'messageId' | 'lease'>,
  of: OfMessage,
  waitMs: number | null,
): Promise<void> {
  const status = of.status === 'again' ? (waitMs === null ? 'failed' : 'pending') : of.status;
  await query(
    pool,
    'settle-message',
    `update baton.notification_message
        set attempts = attempts + 1, status = $3, error = $4, lease = null, leased_until = null,
            due_at = case when $3 = 'pending' then clock_timestamp() + $5::float8 * interval '1 millisecond' else due_at end,
            settled_at = case when $3 = 'pending' then null else clock_timestamp() end
      where message_id = $1 and (lease = $2 or $3 = 'delivered')`,
    [messageId, lease, status, of.error, waitMs ?? 0],
  );
}

/** Gives back what was not sent, for another sender to take at once. */
export async function releaseMessage(pool: Pool, { messageId, lease }: LeasedMessage): Promise<void> {
  await query(
    pool,
    'release-message',
    'update baton.notification_message set lease = null, leased_until = null where message_id = $1 and lease = $2',
    [messageId, lease],
  );
}

interface MessageRow {
  readonly message_id: string;
  readonly status: NotificationMessage['status'];
  readonly attempts: number;
  readonly due_at: Date;
  readonly created_at: Date;
  readonly error: string | null;
  readonly types: string[] | null;
  readonly run_ids: string[] | null;
}

const MESSAGES = `select m.message_id, m.status, m.attempts, m.due_at, m.created_at, m.error, n.types, n.run_ids
    from baton.notification_message m
   cross join lateral (select array_agg(n.type order by n.notice_id) as types,
                              array_agg(distinct n.run_id) filter (where n.run_id is not null) as run_ids
                         from baton.notice n where n.message_id = m.message_id) as n`;

const toMessage = (row: MessageRow): NotificationMessage => ({
  messageId: row.message_id,
  status: row.status,
  types: row.types ?? [],
  runIds: row.run_ids ?? [],
  createdAt: row.created_at.toISOString(),
  attempts: row.attempts,
  nextAttemptAt: row.status === 'pending' ? row.due_at.toISOString() : null,
  error: row.error,
});

/** Newest first. */
export async function listMessages(
  connection: Pool | PoolClient,
  ruleId: string,
  most: number,
): Promise<readonly NotificationMessage[]> {
  const rows = await query<MessageRow>(
    connection,
    'list-messages',
    `${MESSAGES} where m.rule_id = $1 order by m.created_at desc, m.message_id limit $2`,
    [ruleId, most],
  );
  return rows.map(toMessage);
}

export async function findMessage(
  connection: Pool | PoolClient,
  ruleId: string,
  messageId: string,
): Promise<NotificationMessage | null> {
  const [row] = await query<MessageRow>(
    connection,
    'find-message',
    `${MESSAGES} where m.rule_id = $1 and m.message_id = $2`,
    [ruleId, messageId],
  );
  return row === undefined ? null : toMessage(row);
}

/** Makes a message due now and begins its attempts anew. @returns whether there is one */
export async function sendMessageAgain(
  connection: Pool | PoolClient,
  ruleId: string,
  messageId: string,
): Promise<boolean> {
  const rows = await query(
    connection,
    'send-message-again',
    `update baton.notification_message set status = 'pending', due_at = clock_timestamp(), attempts = 0, settled_at = null
      where rule_id = $1 and message_id = $2 returning 1`,
    [ruleId, messageId],
  );
  return rows.length === 1;
}

/** Has a rule send a test now, whatever the hour. @returns what tells its notice from others */
export async function storeTestNotice(connection: Pool | PoolClient, ruleId: string): Promise<number> {
  const [row] = await query<{ notice_id: number }>(
    connection,
    'store-test-notice',
    `insert into baton.notice (rule_id, type, body, due_at) values ($1, 'notification.test', '{}', clock_timestamp()) returning notice_id`,
    [ruleId],
  );
  return row?.notice_id ?? 0;
}

/** The message that a notice became a part of; null while it is none. */
export async function messageOfNotice(
  pool: Pool,
  ruleId: string,
  noticeId: number,
): Promise<NotificationMessage | null> {
  const [row] = await query<{ message_id: string }>(
    pool,
    'message-of-notice',
    'select message_id from baton.notice where notice_id = $1 and message_id is not null',
    [noticeId],
  );
  return row === undefined ? null : findMessage(pool, ruleId, row.message_id);
}

/** Forgets what was settled that long ago. */
export const forgetMessages = (pool: Pool, olderThanDays: number): Promise<unknown> =>
  query(
    pool,
    'forget-messages',
    `delete from baton.notification_message where settled_at < now() - $1::int * interval '1 day'`,
    [olderThanDays],
  );
