import { BatonError, type Notification, type RunId, toError } from '@baton/contracts';
import { inTransaction, logHead, readStream } from '@baton/event-store';
import { type RunEvent, readEvent } from '@baton/workflow';
import { sql } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { notifications } from '../database.js';
import { NEWS, type RunOfEvent, toNotification } from './to-notification.js';

/** What became of a look at the log. `busy`: another sender is at it. */
export type Followed =
  | { readonly status: 'busy' }
  | { readonly status: 'followed'; readonly position: number; readonly isBehind: boolean; readonly deliveries: number };

interface Listener {
  readonly webhook_id: string;
  readonly events: readonly string[];
  readonly after_position: number;
}

/** What is read of an event that may be news. */
interface Event {
  readonly position: number;
  readonly type: string;
  readonly schemaVersion: number;
  readonly dataText: string;
}

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
    const locked = await notifications(client)
      .selectFrom('webhook_cursor')
      .select('position')
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
    if (locked === undefined) return { status: 'busy' };
    const listeners = await readListeners(client);
    // No listener is interested in what was before the oldest of them.
    const oldest = listeners.reduce((least, { after_position }) => Math.min(least, after_position), head);
    const cursor = Math.max(locked.position, oldest);
    if (cursor >= head) return nothing;
    const position = Math.min(head, cursor + mostEvents);
    const news = await readNews(pool, cursor, position);
    const deliveries = await storeDeliveries(client, news, listeners);
    await notifications(client).updateTable('webhook_cursor').set({ position }).execute();
    return { status: 'followed', position, isBehind: position < head, deliveries };
  });
}

const listening = (connection: Pool | PoolClient, name: string) =>
  notifications(connection, name).selectFrom('webhook').where('disabled_at', 'is', null);

const hasListeners = async (pool: Pool): Promise<boolean> =>
  (await listening(pool, 'has-listeners').select('webhook_id').limit(1).execute()).length > 0;

/** The lock keeps an endpoint from being removed before its deliveries are stored. */
const readListeners = (client: PoolClient): Promise<readonly Listener[]> =>
  listening(client, 'listeners').select(['webhook_id', 'events', 'after_position']).forKeyShare().execute();

async function readNews(pool: Pool, after: number, upTo: number): Promise<readonly News[]> {
  // Approvals are found by the text of their events: `json` columns hold what workers said, on which operators of
  // Postgres fail where that holds \u0000. A text that only looks like one is sorted out later.
  const isAboutApproval = sql<boolean>`position('"baton:approval"' in data::text) > 0`;
  const rows = await notifications(pool)
    .selectFrom('event')
    .select(['position', 'run_id', 'type', 'schema_version as schemaVersion', 'recorded_at', 'data as dataText'])
    .where('position', '>', after)
    .where('position', '<=', upTo)
    .where('type', 'in', NEWS)
    .where(({ eb, or }) => or([eb('type', '<>', 'TaskScheduled'), isAboutApproval]))
    .orderBy('position')
    .execute();
  const runs = new Map<RunId, RunOfEvent>();
  const news: News[] = [];
  for (const row of rows) {
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
  const event = understood(first);
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

function understood(event: Event): RunEvent {
  try {
    return readEvent(event);
  } catch (thrown) {
    const error = toError(thrown);
    throw new BatonError(`The event at position ${event.position} cannot be told to webhooks: ${error.message}`, {
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
  const { numInsertedOrUpdatedRows } = await notifications(client, 'store-deliveries')
    .insertInto('webhook_delivery')
    .columns(['webhook_id', 'position', 'run_id', 'type', 'body'])
    .expression(
      sql`select * from unnest(
        ${wanted.map(({ webhookId }) => webhookId)}::uuid[],
        ${wanted.map(({ position }) => position)}::bigint[],
        ${wanted.map(({ notification }) => ('runId' in notification.data ? notification.data.runId : null))}::uuid[],
        ${wanted.map(({ notification }) => notification.type)}::text[],
        ${wanted.map(({ notification }) => JSON.stringify(notification))}::text[])`,
    )
    .onConflict((conflict) => conflict.columns(['webhook_id', 'position']).doNothing())
    .executeTakeFirstOrThrow();
  return Number(numInsertedOrUpdatedRows);
}

const isWanted = (events: readonly string[], { type }: Notification): boolean => events.some((event) => event === type);
