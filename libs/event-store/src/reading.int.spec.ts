import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { appendBatch } from './append.js';
import type { Lane } from './lanes.js';
import { createPool } from './pool.js';
import {
  logHead,
  readFacts,
  readFactsOfState,
  readLog,
  readLogByRun,
  readStream,
  type StoredEvent,
} from './streams.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';
import { planOf } from './testing/plan.js';
import { aLane, anEvent, anItem } from './testing/store.js';

const [first, second] = [randomUUID(), randomUUID()];
let database: TestDatabase;
let owner: Pool;
let hub: Pool;
let lane: Lane;

/** Two runs that take turns, over partitions of four positions. */
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  owner = createPool(database.url, { role: 'owner', applicationName: 'reading-test' });
  hub = createPool(database.url, { role: 'hub', applicationName: 'reading-test' });
  await owner.query('drop table baton.event_000000');
  await owner.query('update baton.log set partition_size = 4');
  lane = await aLane(hub);
  for (let turn = 0; turn < 10; turn += 1) {
    const events = (run: string) => [anEvent({ data: { run, turn } })];
    await appendBatch(hub, lane, 0, [
      anItem(first, { expectedVersion: turn, events: events('first') }),
      anItem(second, { expectedVersion: turn, events: events('second') }),
    ]);
  }
});
afterAll(async () => {
  await Promise.all([owner?.end(), hub?.end()]);
  await database?.drop();
});

test.each([
  ['from a version', { fromVersion: 8 }, [8, 9, 10]],
  ['up to a version', { toVersion: 2 }, [1, 2]],
  ['a part', { fromVersion: 3, toVersion: 5 }, [3, 4, 5]],
  ['a page', { fromVersion: 3, limit: 2 }, [3, 4]],
  ['beyond its end', { fromVersion: 11 }, []],
])('a stream is read %s', async (_, range, versions) => {
  const events = await readStream(hub, second, range);
  expect(events.map(({ version }) => version)).toEqual(versions);
  expect(events.map(({ dataText }) => JSON.parse(dataText))).toEqual(
    versions.map((version) => ({ run: 'second', turn: version - 1 })),
  );
  const facts = events.map(({ version, type, schemaVersion, dataText }) => ({
    version,
    type,
    schemaVersion,
    dataText,
  }));
  expect(await readFacts(hub, second, range)).toEqual(facts);
});

test('the log is read in pages without an event missing or twice, across partitions', async () => {
  const positions: number[] = [];
  for (;;) {
    const page = await readLog(hub, { afterPosition: positions.at(-1) ?? 0, limit: 3 });
    if (page.length === 0) break;
    positions.push(...page.map(({ position }) => position));
  }
  expect(positions).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
});

test('the log is read run by run, in pages without an event missing or twice, up to a position', async () => {
  const [one = '', other = ''] = [first, second].sort();
  const read: StoredEvent[] = [];
  for (;;) {
    const page = await readLogByRun(hub, { after: read.at(-1) ?? null, toPosition: 17, limit: 4 });
    if (page.length === 0) break;
    read.push(...page);
  }
  const of = (runId: string) => read.filter((event) => event.runId === runId).map(({ version }) => version);
  expect(read.map(({ runId }) => runId)).toEqual([...of(one).map(() => one), ...of(other).map(() => other)]);
  expect(of(first)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(of(second)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test('a page of the log run by run is read by the indexes of the partitions, and nothing is sorted', async () => {
  const large = await createTestDatabase(inject('postgresUrl'));
  const admin = createPool(large.url, { role: 'owner', applicationName: 'reading-test' });
  try {
    await admin.query('drop table baton.event_000000');
    await admin.query('update baton.log set partition_size = 10000');
    await admin.query('select baton.ensure_partition(n * 10000) from generate_series(0, 2) n');
    await admin.query(
      `insert into baton.event
       select n, md5((n % 2000)::text)::uuid, n / 2000 + 1, 'X', 1, gen_random_uuid(), null, null, now(),
              '{"type":"system","id":"t"}', '{}', sha256('x')
         from generate_series(1, 29999) n`,
    );
    await admin.query('analyze baton.event');
    const after = { runId: '80000000-0000-4000-8000-000000000000', version: 1 };
    const plan = await planOf(admin, (pool) => readLogByRun(pool, { after, toPosition: 29_000, limit: 1_000 }));
    expect(plan).toContain('Index Scan');
    expect(plan).not.toMatch(/Sort\b(?! Key)/);
  } finally {
    await admin.end();
    await large.drop();
  }
});

test('a state is read from the newest event that holds all of it, up to the version that is asked for', async () => {
  const runId = randomUUID();
  const types = ['RunStarted', 'A', 'RunContinued', 'B', 'RunRetried', 'C'];
  await appendBatch(hub, lane, 0, [anItem(runId, { events: types.map((type) => anEvent({ type })) })]);
  const readTo = async (version?: number) => (await readFactsOfState(hub, runId, version)).map(({ type }) => type);
  expect(await readTo()).toEqual(['RunRetried', 'C']);
  expect(await readTo(5)).toEqual(['RunRetried']);
  expect(await readTo(4)).toEqual(['RunContinued', 'B']);
  expect(await readTo(2)).toEqual(['RunStarted', 'A']);
  expect(await readFactsOfState(hub, randomUUID())).toEqual([]);
});

test('a stream that does not exist has no events', async () => {
  expect(await readStream(hub, randomUUID(), {})).toEqual([]);
});

test('a new partition waits for no reader, and no reader for it', async () => {
  const partitions = async (): Promise<number> =>
    (await owner.query(`select from pg_inherits where inhparent = 'baton.event'::regclass`)).rowCount ?? 0;
  const reader = await owner.connect();
  try {
    await reader.query('begin');
    await reader.query('select count(*) from baton.event');
    const before = await partitions();
    const head = await logHead(hub);
    const events = Array.from({ length: 9 }, () => anEvent());
    expect(await appendBatch(hub, lane, 0, [anItem(randomUUID(), { events })])).toMatchObject({
      ok: true,
      firstPosition: head + 1,
    });
    expect(await partitions()).toBeGreaterThan(before);
  } finally {
    await reader.query('rollback');
    reader.release();
  }
});
