import { Anomaly, isKnownMeasure, type Notification, RunId } from '@baton/contracts';
import { inTransaction } from '@baton/event-store';
import { readCursor } from '@baton/read-model';
import type { Pool, PoolClient } from 'pg';
import { notifications } from '../database.js';
import { hasListeners, type News, readListeners, storeDeliveries } from './listeners.js';
import { readRun, type ToldRun } from './told-run.js';

/*
 * Anomalies are computed from the log, and may be computed again: the same at the same places. So they are followed by these, as
 * events are. Whoever computes them is alone at it and goes through the log in order: what is seen has nothing unseen before it.
 * One that comes at a place before the cursor was told already, or is of a run that came back from an archive: so the cursor goes as
 * far as was looked for any, and not only as far as some were found.
 */

const PAGE = 500;

/** Stores a delivery for each webhook that wants to know of a run that was unlike those before it. */
export async function followAnomalies(
  pool: Pool,
  publicUrl: string,
): Promise<{ readonly deliveries: number; readonly isBehind: boolean }> {
  if (!(await hasListeners(pool))) return { deliveries: 0, isBehind: false };
  return inTransaction(pool, async (client) => {
    const locked = await notifications(client)
      .selectFrom('webhook_cursor')
      .select('anomaly')
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
    if (locked === undefined) return { deliveries: 0, isBehind: false };
    const listeners = await readListeners(client);
    const { news, to, isBehind } = await anomaliesSince(pool, client, locked.anomaly);
    if (to === locked.anomaly) return { deliveries: 0, isBehind };
    const deliveries = await storeDeliveries(client, news, listeners, publicUrl);
    await notifications(client).updateTable('webhook_cursor').set({ anomaly: to }).execute();
    return { deliveries, isBehind };
  });
}

/** What was unusual behind a place in the log, a run at a time, and how far that goes. */
export async function anomaliesSince(
  pool: Pool,
  client: PoolClient,
  after: number,
): Promise<{ readonly news: readonly News[]; readonly to: number; readonly isBehind: boolean }> {
  // Before the rows: what is written meanwhile lies behind it.
  const lookedTo = await readCursor(client);
  const rows = await readRows(client, after);
  const isBehind = rows.length > PAGE;
  // What a run was unusual in is told together, and the page may end within it.
  const cut = isBehind ? rows.at(-1)?.position : undefined;
  const found = Map.groupBy(
    rows.filter(({ position }) => position !== cut),
    ({ position }) => position,
  );
  const news: News[] = [];
  for (const [position, ofRun] of found) {
    const known = ofRun.filter(({ measure }) => isKnownMeasure(measure));
    if (known.length === 0) continue;
    const runId = RunId.parse(known[0]?.run_id);
    const run = await readRun(pool, runId);
    // Its log is in an archive by now, and nobody looks there for news.
    if (run !== null) news.push({ position, deadLetter: null, run, notification: detected(known, run) });
  }
  return { news, to: Math.max(after, isBehind ? 0 : lookedTo, ...found.keys()), isBehind };
}

/** A row more than a page. */
const readRows = (client: PoolClient, after: number) =>
  notifications(client)
    .selectFrom('anomaly')
    .selectAll()
    .where('position', '>', after)
    .orderBy('position')
    .orderBy('measure')
    .limit(PAGE + 1)
    .execute();

type Row = Awaited<ReturnType<typeof readRows>>[number];

function detected(rows: readonly Row[], { runId, workflow, workflowVersion }: ToldRun): Notification {
  const path = `/v1/runs/${runId}`;
  return {
    type: 'anomaly.detected',
    timestamp: rows[0]?.at.toISOString() ?? '',
    data: {
      ...{ runId, workflow, workflowVersion },
      anomalies: rows.map((row) =>
        Anomaly.parse({
          ...{ ...row, windowSize: row.window_size },
          ...{ sampleSize: row.sample_size, falseAlarmRate: row.false_alarm_rate },
        }),
      ),
      links: { run: path, events: `${path}/events`, anomalies: `/v1/anomalies?run=${runId}` },
    },
  };
}
