import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { verifyAccessLog } from './access-chain.js';
import { noteAccess, readAccessLog } from './access-log.js';
import { appendBatch } from './append.js';
import { recordDeadLetter } from './dead-letters.js';
import { findRequest } from './inbox.js';
import type { Lane } from './lanes.js';
import { isOfflineWork, recordOfflineWork } from './offline-work.js';
import { createPool } from './pool.js';
import { pruneAccessLog, pruneDeadLetters, pruneRequests, pruneSideRows } from './prune-rows.js';
import { parkRun } from './streams.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';
import { planOf } from './testing/plan.js';
import { aLane, anItem } from './testing/store.js';

let database: TestDatabase;
let owner: Pool;
let gateway: Pool;
let hub: Pool;
let lane: Lane;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  owner = createPool(database.url, { role: 'owner', applicationName: 'prune-rows', max: 1 });
  gateway = createPool(database.url, { role: 'gateway', applicationName: 'prune-rows', max: 2 });
  hub = createPool(database.url, { role: 'hub', applicationName: 'prune-rows', max: 2 });
  lane = await aLane(hub);
});
afterAll(async () => {
  await Promise.all([owner, gateway, hub].map((pool) => pool?.end()));
  await database?.drop();
});

async function aRun(requestId: string): Promise<string> {
  const runId = randomUUID();
  await appendBatch(hub, lane, 0, [anItem(runId, { requests: [requestId] })]);
  return runId;
}
/** Removes until nothing is left that may be removed. */
async function all(prune: () => Promise<number>): Promise<number> {
  let rows = 0;
  for (let gone = await prune(); gone > 0; gone = await prune()) rows += gone;
  return rows;
}

test('a request is forgotten after so many days, and not a day before', async () => {
  const [old, young] = [randomUUID(), randomUUID()];
  const runId = await aRun(old);
  await aRun(young);
  await owner.query(`update baton.request set at = at - interval '91 days' where request_id = $1`, [old]);
  await owner.query(`update baton.request set at = at - interval '89 days' where request_id = $1`, [young]);
  expect(await all(() => pruneRequests(gateway, 90))).toBe(1);
  expect(await findRequest(gateway, old)).toBeNull();
  expect(await findRequest(gateway, young)).not.toBeNull();
  // The run that exists is never begun again, whoever repeats the request.
  const again = await appendBatch(hub, lane, 0, [anItem(runId, { requests: [old] })]);
  expect(again).toMatchObject({ ok: false, conflicts: [{ reason: 'version-conflict' }] });
});

test('no service removes what is younger than the database allows', async () => {
  await expect(pruneRequests(gateway, 0)).rejects.toThrow('a day at least');
  await expect(pruneDeadLetters(gateway, 6)).rejects.toThrow('a week at least');
  await expect(pruneAccessLog(gateway, 29)).rejects.toThrow('30 days at least');
  await expect(pruneRequests(hub, 90)).rejects.toThrow('permission denied');
  for (const table of ['request', 'dead_letter', 'access_log', 'checkpoint', 'offline_work', 'access_anchor']) {
    await expect(gateway.query(`delete from baton.${table}`)).rejects.toThrow('permission denied');
  }
});

test('old requests are found by an index, however many there are that are young', async () => {
  await owner.query(
    `insert into baton.request (request_id, run_id) select 'many ' || n, gen_random_uuid() from generate_series(1, 5000) as n`,
  );
  await owner.query('analyze baton.request');
  const plan = await planOf(owner, (pool) =>
    pool.query({
      text: `delete from baton.request where request_id in
        (select r.request_id from baton.request r where r.at < clock_timestamp() - interval '90 days' order by r.at limit 1000)`,
    }),
  );
  expect(plan).toContain('request_at');
});

test('dead letters go when nothing has happened with them for long, and not while something waits for them', async () => {
  const parked = await aRun(randomUUID());
  await parkRun(hub, parked);
  const letter = async (name: string, runId?: string): Promise<void> =>
    recordDeadLetter(hub, { source: 'intake', name, reason: 'because', message: '{}', runId });
  await letter('open');
  await letter('done');
  await letter('done lately');
  await letter('to be sent');
  await letter('of a run that stands still', parked);
  await letter('of no run that can be named', 'no id');
  await owner.query(`update baton.dead_letter set at = at - interval '400 days'`);
  await letter('young');
  const requeued = (name: string, days: number, sent: boolean) =>
    owner.query(
      `update baton.dead_letter set requeued_by = '{}', requeued_at = now() - make_interval(days => $2),
              sent_at = case when $3 then now() - make_interval(days => $2) end where name = $1`,
      [name, days, sent],
    );
  await requeued('done', 380, true);
  await requeued('done lately', 3, true);
  await requeued('to be sent', 380, false);
  expect(await all(() => pruneDeadLetters(gateway, 365))).toBe(3);
  const { rows } = await owner.query('select name from baton.dead_letter order by id');
  expect(rows.map(({ name }) => name)).toEqual(['done lately', 'to be sent', 'of a run that stands still', 'young']);
});

test('of old checkpoints the last of each day stays, and nobody removes another', async () => {
  await owner.query(
    `insert into baton.checkpoint (size, note, at)
       select n, 'note', date_trunc('day', now() at time zone 'UTC') at time zone 'UTC' - interval '34 days' + n * interval '6 hours'
         from generate_series(1, 12) as n
       union all select n, 'note', now() - interval '1 day' from generate_series(13, 16) as n`,
  );
  expect(await all(() => pruneSideRows(gateway))).toBe(8);
  const { rows } = await owner.query('select size::int from baton.checkpoint order by size');
  expect(rows.map(({ size }) => size)).toEqual([3, 7, 11, 12, 13, 14, 15, 16]);
  await expect(owner.query('delete from baton.checkpoint where size = 3')).rejects.toThrow('forbidden');
  await expect(owner.query('delete from baton.checkpoint where size = 13')).rejects.toThrow('forbidden');
  await expect(owner.query(`update baton.checkpoint set note = 'other'`)).rejects.toThrow('forbidden');
});

test('what the offline model wrote goes with the years, of runs that have ended', async () => {
  const [ended, open] = [await aRun(randomUUID()), await aRun(randomUUID())];
  await owner.query('update baton.stream set status = 1 where run_id = $1', [ended]);
  const sha256 = '0a'.repeat(32);
  for (const runId of [ended, open]) await recordOfflineWork(owner, `${runId}-1`, sha256);
  await owner.query(`update baton.offline_work set at = at - interval '91 days'`);
  expect(await all(() => pruneSideRows(gateway))).toBe(1);
  expect(await isOfflineWork(owner, `${open}-1`, sha256)).toBe(true);
  expect(await isOfflineWork(owner, `${ended}-1`, sha256)).toBe(false);
});

test('the beginning of the log of access goes, and the rest verifies from the hash that is kept', async () => {
  for (let n = 1; n <= 6; n += 1) {
    await noteAccess(gateway, { kind: 'refused', actor: null, about: `entry ${n}` });
    await sleep(3);
  }
  expect(await pruneAccessLog(gateway, 30)).toBe(0);
  // As if the fifth entry were the first that is young enough.
  const sql = await readFile(new URL('../functions/prune_access_log.sql', import.meta.url), 'utf8');
  const agedBy = (entry: number) =>
    owner.query(
      sql
        .replace(/v_before := .*;/, `v_before := (select l.at_ms from baton.access_log l where l.position = ${entry});`)
        .replace('604800000', '0'),
    );
  await agedBy(5);
  expect(await all(() => pruneAccessLog(gateway, 30))).toBe(4);
  const left = await readAccessLog(gateway, {}, 10);
  expect(left.map(({ position }) => position)).toEqual([7, 6, 5]);
  expect(left[0]).toMatchObject({
    kind: 'access-log-pruned',
    about: 'entries 1 to 4',
    count: 4,
    detail: { position: 4 },
  });
  expect(await verifyAccessLog(gateway, [])).toMatchObject({ verified: true, entries: 7 });
  await noteAccess(gateway, { kind: 'refused', actor: null });
  await agedBy(7);
  expect(await all(() => pruneAccessLog(gateway, 30))).toBe(2);
  expect(await verifyAccessLog(gateway, [])).toMatchObject({ verified: true, entries: 9 });
});

test.each([
  [
    'one more taken away, and the beginning moved behind it',
    `with gone as (delete from baton.access_log where position = 7 returning position, hash)
      update baton.access_anchor a set position = gone.position, hash = gone.hash from gone`,
  ],
  ['the beginning put back', 'update baton.access_anchor set position = position - 1'],
  ['another hash at the beginning', `update baton.access_anchor set hash = sha256('x')`],
  ['the first one that is left taken away', 'delete from baton.access_log where position = 7'],
])('what is tampered with at the beginning of a log of access that was pruned is found: %s', async (_, statement) => {
  const client = await owner.connect();
  try {
    await client.query('begin');
    await client.query(statement);
    const within = Object.assign(Object.create(owner), { query: client.query.bind(client) });
    expect(await verifyAccessLog(within, [])).toMatchObject({ verified: false, problem: expect.any(String) });
  } finally {
    await client.query('rollback');
    client.release();
  }
});
