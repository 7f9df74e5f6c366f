import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { appendBatch } from './append.js';
import type { Lane } from './lanes.js';
import { createPool } from './pool.js';
import { logHead, readFacts, readLog, readStream } from './streams.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';
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
