import { type Notification, RunId } from '@baton/contracts';
import { inTransaction } from '@baton/event-store';
import { sql } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { notifications } from '../database.js';
import { hasListeners, type News, readListeners, storeDeliveries } from './listeners.js';
import { readRun, type ToldRun } from './told-run.js';

const PAGE = 500;
/**
 * Rows become visible in another order than they are numbered, and a run is parked a moment after its letter: what is
 * younger than this is looked at again, and stored once.
 */
const SETTLED_AFTER_S = 10;
/** What the hub says of itself as the source of a letter. */
const HUB = 'hub';
const DEAD_LETTERS = '/v1/dead-letters';

/** Stores a delivery for each webhook that wants to know of a message that was put aside, or of a run that stands still by it. */
export async function followDeadLetters(
  pool: Pool,
  publicUrl: string,
): Promise<{ readonly deliveries: number; readonly isBehind: boolean }> {
  if (!(await hasListeners(pool))) return { deliveries: 0, isBehind: false };
  return inTransaction(pool, async (client) => {
    const locked = await notifications(client)
      .selectFrom('webhook_cursor')
      .select('dead_letter')
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
    if (locked === undefined) return { deliveries: 0, isBehind: false };
    const listeners = await readListeners(client);
    const { letters, settledTo, isBehind } = await lettersSince(client, locked.dead_letter);
    if (letters.length === 0) return { deliveries: 0, isBehind: false };
    const news: News[] = [];
    for (const letter of letters) news.push(...(await newsOfLetter(pool, client, letter)));
    const deliveries = await storeDeliveries(client, news, listeners, publicUrl);
    await notifications(client).updateTable('webhook_cursor').set({ dead_letter: settledTo }).execute();
    return { deliveries, isBehind };
  });
}

/** Letters behind a cursor, and how far that may be moved: what is young is looked at again. */
export async function lettersSince(client: PoolClient, after: number) {
  const letters = await readLetters(client, after);
  const firstYoung = letters.findIndex(({ isSettled }) => !isSettled);
  const settled = letters.slice(0, firstYoung < 0 ? letters.length : firstYoung);
  return { letters, settledTo: settled.at(-1)?.id ?? after, isBehind: settled.length === PAGE };
}

const readLetters = (client: PoolClient, after: number) =>
  notifications(client)
    .selectFrom('dead_letter')
    .select(['id', 'at', 'source', 'name', 'request_id', 'run_id'])
    .select(sql<boolean>`at < clock_timestamp() - ${SETTLED_AFTER_S} * interval '1 s'`.as('isSettled'))
    .where('id', '>', after)
    .orderBy('id')
    .limit(PAGE)
    .execute();

type Letter = Awaited<ReturnType<typeof readLetters>>[number];

export async function newsOfLetter(pool: Pool, client: PoolClient, letter: Letter): Promise<readonly News[]> {
  const runId = RunId.safeParse(letter.run_id);
  const run = runId.success ? await readRun(pool, runId.data) : null;
  const at = { position: null, deadLetter: letter.id, run };
  const isParked = run !== null && letter.source === HUB && (await isRunParked(client, run.runId));
  return [
    { ...at, notification: recorded(letter, run) },
    ...(isParked && run !== null ? [{ ...at, notification: parked(letter, run) }] : []),
  ];
}

/** 2: the run is left alone until an orchestrator starts, or the letter is taken up again. */
async function isRunParked(client: PoolClient, runId: string): Promise<boolean> {
  const query = notifications(client).selectFrom('stream').select('run_id').where('run_id', '=', runId);
  return (await query.where('status', '=', 2).execute()).length > 0;
}

const recorded = ({ id, at, source, name, request_id }: Letter, run: ToldRun | null): Notification => ({
  type: 'dead-letter.recorded',
  timestamp: at.toISOString(),
  data: {
    runId: run?.runId ?? null,
    workflow: run?.workflow ?? null,
    workflowVersion: run?.workflowVersion ?? null,
    deadLetterId: id,
    ...{ source, name, requestId: request_id },
    links: { deadLetters: DEAD_LETTERS },
  },
});

function parked({ id, at }: Letter, { runId, workflow, workflowVersion }: ToldRun): Notification {
  const path = `/v1/runs/${runId}`;
  const links = { run: path, events: `${path}/events`, deadLetters: DEAD_LETTERS };
  return {
    type: 'run.parked',
    timestamp: at.toISOString(),
    data: { runId, workflow, workflowVersion, deadLetterId: id, links },
  };
}
