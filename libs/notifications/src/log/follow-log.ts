import type { RunId } from '@baton/contracts';
import { inTransaction, logHead, withDocuments } from '@baton/event-store';
import { sql } from 'kysely';
import type { Pool } from 'pg';
import { notifications } from '../database.js';
import { hasListeners, type News, readListeners, storeDeliveries } from './listeners.js';
import { type AskedApproval, NEWS, toNotification } from './to-notification.js';
import { readRun, type ToldRun, understood } from './told-run.js';

/** What became of a look at the log. `busy`: another sender is at it. */
export type Followed =
  | { readonly status: 'busy' }
  | { readonly status: 'followed'; readonly position: number; readonly isBehind: boolean; readonly deliveries: number };

/**
 * Looks through the next events of the log and stores a delivery for each webhook that wants to know. Deliveries and
 * cursor change in one transaction, so an event counts exactly once whenever the process or the database dies.
 *
 * @param publicUrl where receivers reach the gateway
 * @param pool must have two connections to give
 * @throws BatonError `event-not-understood` at an event that this program cannot read; nothing has changed then
 */
export async function followLog(pool: Pool, publicUrl: string, mostEvents: number): Promise<Followed> {
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
    const oldest = listeners.reduce((least, { afterPosition }) => Math.min(least, afterPosition), head);
    const cursor = Math.max(locked.position, oldest);
    if (cursor >= head) return nothing;
    const position = Math.min(head, cursor + mostEvents);
    const news = await readNews(pool, cursor, position);
    const deliveries = await storeDeliveries(client, news, listeners, publicUrl);
    await notifications(client).updateTable('webhook_cursor').set({ position }).execute();
    return { status: 'followed', position, isBehind: position < head, deliveries };
  });
}

/** What happened in a part of the log, of that which can be told. @throws BatonError `event-not-understood` */
export async function readNews(pool: Pool, after: number, upTo: number): Promise<readonly News[]> {
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
  const runs = new Map<RunId, ToldRun>();
  const news: News[] = [];
  for (const row of await withDocuments(pool, rows)) {
    const event = understood(row);
    const run = runs.get(row.run_id) ?? (await readRun(pool, row.run_id));
    if (run === null) throw new Error(`run ${row.run_id} has no first event`);
    runs.set(row.run_id, run);
    const isLater = event.type === 'ApprovalReminded' || event.type === 'ApprovalEscalated';
    const asked = isLater ? await readAsked(pool, row.run_id, event.data.commandId) : null;
    const notification = toNotification(event, row.recorded_at.toISOString(), run, asked);
    if (notification !== null) news.push({ position: row.position, deadLetter: null, run, notification });
  }
  return news;
}

/** The question that an answer is waited for. Found by its text, as all approvals are; null in a log without it. */
async function readAsked(pool: Pool, runId: RunId, commandId: string): Promise<AskedApproval | null> {
  const rows = await notifications(pool)
    .selectFrom('event')
    .select(['position', 'type', 'schema_version as schemaVersion', 'data as dataText'])
    .where('run_id', '=', runId)
    .where('type', '=', 'TaskScheduled')
    .where(sql<boolean>`position(${`"${commandId}"`} in data::text) > 0`)
    .orderBy('position')
    .execute();
  for (const row of rows) {
    const event = understood(row);
    if (event.type === 'TaskScheduled' && event.data.commandId === commandId) return event.data;
  }
  return null;
}
