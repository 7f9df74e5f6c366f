import { BatonError, type Notification, type RunId, toError, WebhookEvent } from '@baton/contracts';
import { inTransaction, logHead, readStream } from '@baton/event-store';
import { readEvent } from '@baton/workflow';
import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { NEWS, type RunOfEvent, toNotification } from './to-notification.js';

/** What became of a look at the log. `busy`: another sender is at it. */
export type Followed =
  | { readonly status: 'busy' }
  | { readonly status: 'followed'; readonly position: number; readonly isBehind: boolean; readonly deliveries: number };

const CursorRow = z.object({ position: z.int() });
const Listener = z.object({ webhook_id: z.string(), events: z.array(WebhookEvent), after_position: z.int() });
type Listener = z.infer<typeof Listener>;
const EventRow = z.object({
  position: z.int(),
  run_id: z.string(),
  type: z.string(),
  schema_version: z.int(),
  recorded_at: z.date(),
  data: z.string(),
});
type EventRow = z.infer<typeof EventRow>;

interface News {
  readonly position: number;
  readonly notification: Notification;
}

/**
 * Looks through the next events of the log and stores a delivery for each webhook that wants to know. Deliveries and
 * cursor change in one transaction, so an event counts exactly once whenever the process or the database dies.
 *
 * @param pool must have two connections to give
 * @throws BatonError `event-not-understood` at an event that this program cannot read; nothing has changed then
 */
export async function followLog(pool: Pool, mostEvents: number): Promise<Followed> {
  // Before the listeners: one who comes after this look gets every event above this head from the next one.
  const head = await logHead(pool);
  const nothing: Followed = { status: 'followed', position: head, isBehind: false, deliveries: 0 };
  // Where nobody listens nothing is written, not even the cursor.
  if (!(await hasListeners(pool))) return nothing;
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query('select position from baton.webhook_cursor for update skip locked');
    if (rows[0] === undefined) return { status: 'busy' };
    const listeners = await readListeners(client);
    // No listener is interested in what was before the oldest of them.
    const oldest = listeners.reduce((least, { after_position }) => Math.min(least, after_position), head);
    const cursor = Math.max(CursorRow.parse(rows[0]).position, oldest);
    if (cursor >= head) return nothing;
    const position = Math.min(head, cursor + mostEvents);
    const news = await readNews(pool, cursor, position);
    const deliveries = await storeDeliveries(client, news, listeners);
    await client.query('update baton.webhook_cursor set position = $1', [position]);
    return { status: 'followed', position, isBehind: position < head, deliveries };
  });
}

async function hasListeners(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query('select from baton.webhook where disabled_at is null limit 1');
  return rows.length > 0;
}

/** The lock keeps an endpoint from being removed before its deliveries are stored. */
async function readListeners(client: PoolClient): Promise<readonly Listener[]> {
  const { rows } = await client.query(
    'select webhook_id, events, after_position from baton.webhook where disabled_at is null for key share',
  );
  return rows.map((row) => Listener.parse(row));
}

async function readNews(pool: Pool, after: number, upTo: number): Promise<readonly News[]> {
  // Approvals are found by the text of their events: `json` columns hold what workers said, on which operators of
  // Postgres fail where that holds \u0000. A text that only looks like one is sorted out later.
  const { rows } = await pool.query(
    `select e.position, e.run_id, e.type, e.schema_version, e.recorded_at, e.data::text as data
       from baton.event e
      where e.position > $1 and e.position <= $2 and e.type = any($3)
        and (e.type <> 'TaskScheduled' or position('"baton:approval"' in e.data::text) > 0)
      order by e.position`,
    [after, upTo, NEWS],
  );
  const runs = new Map<RunId, RunOfEvent>();
  const news: News[] = [];
  for (const row of rows.map((each) => EventRow.parse(each))) {
    const event = understood(row);
    const run = runs.get(row.run_id) ?? (await readRun(pool, row.run_id));
    runs.set(row.run_id, run);
    const notification = toNotification(event, row.recorded_at.toISOString(), run);
    if (notification !== null) news.push({ position: row.position, notification });
  }
  return news;
}

/** Workflow and version stand in the first event of a run: there it starts, or takes over another's state. */
async function readRun(pool: Pool, runId: RunId): Promise<RunOfEvent> {
  const [first] = await readStream(pool, runId, { fromVersion: 1, toVersion: 1 });
  if (first === undefined) throw new Error(`run ${runId} has no first event`);
  const event = understood({
    position: first.position,
    type: first.type,
    schema_version: first.schemaVersion,
    data: first.dataText,
  });
  switch (event.type) {
    case 'RunStarted': {
      const { name, version } = event.data.workflow;
      return { runId, workflow: name, workflowVersion: version };
    }
    case 'RunForked': {
      const { name, version } = event.data.carry.state.workflow;
      return { runId, workflow: name, workflowVersion: version };
    }
    default:
      throw new Error(`run ${runId} begins with ${event.type}`);
  }
}

function understood(row: Pick<EventRow, 'position' | 'type' | 'schema_version' | 'data'>) {
  try {
    return readEvent({ type: row.type, schemaVersion: row.schema_version, dataText: row.data });
  } catch (thrown) {
    const error = toError(thrown);
    throw new BatonError(`The event at position ${row.position} cannot be told to webhooks: ${error.message}`, {
      code: 'event-not-understood',
      next: (error instanceof BatonError ? error.next : undefined) ?? 'Verify the log with `baton audit verify`.',
      cause: error,
    });
  }
}

/** @returns how many were new */
async function storeDeliveries(
  client: PoolClient,
  news: readonly News[],
  listeners: readonly Listener[],
): Promise<number> {
  const wanted = news.flatMap(({ position, notification }) =>
    listeners
      .filter(({ events, after_position }) => position > after_position && isWanted(events, notification))
      .map(({ webhook_id }) => ({ webhookId: webhook_id, position, notification })),
  );
  if (wanted.length === 0) return 0;
  const { rowCount } = await client.query(
    `insert into baton.webhook_delivery (webhook_id, position, run_id, type, body)
     select * from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::text[])
     on conflict (webhook_id, position) do nothing`,
    [
      wanted.map(({ webhookId }) => webhookId),
      wanted.map(({ position }) => position),
      wanted.map(({ notification }) => ('runId' in notification.data ? notification.data.runId : null)),
      wanted.map(({ notification }) => notification.type),
      wanted.map(({ notification }) => JSON.stringify(notification)),
    ],
  );
  return rowCount ?? 0;
}

const isWanted = (events: readonly WebhookEvent[], { type }: Notification): boolean =>
  events.some((event) => event === type);
