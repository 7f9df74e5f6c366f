import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { appendBatch } from './append.js';
import type { Lane } from './lanes.js';
import { createPool } from './pool.js';
import { logHead, readLog } from './streams.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';
import { aCommand, aLane, anEvent, anItem } from './testing/store.js';
import { verifyLog } from './verify.js';

let database: TestDatabase;
let hub: Pool;
let owner: Pool;
let lane: Lane;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  hub = createPool(database.url, { role: 'hub', applicationName: 'protection-test' });
  owner = createPool(database.url, { role: 'owner', applicationName: 'protection-test' });
  lane = await aLane(hub);
  const runId = randomUUID();
  await appendBatch(hub, lane, 0, [
    anItem(runId, { events: [anEvent(), anEvent(), anEvent()], commands: [aCommand(`${runId}-1`)] }),
  ]);
});
afterAll(async () => {
  await Promise.all([hub?.end(), owner?.end()]);
  await database?.drop();
});

const forbidden = [
  `update baton.event set type = 'Other'`,
  'delete from baton.event',
  'truncate baton.event',
  'truncate baton.event_000000',
  `insert into baton.event select 99, run_id, 99, type, schema_version, event_id, null, null, recorded_at, actor, data, leaf_hash from baton.event limit 1`,
  'delete from baton.command',
  'update baton.log set head = 0',
  'update baton.stream set version = 1',
  'update baton.lane set fence = fence + 1',
  'delete from baton.request',
  'drop table baton.event',
  'alter table baton.event disable trigger all',
];

describe.each(['hub', 'gateway', 'worker'] as const)('the %s role', (role) => {
  test.each(forbidden)('may not: %s', async (statement) => {
    const pool = createPool(database.url, { role, applicationName: 'protection-test', max: 1 });
    try {
      await expect(pool.query(statement)).rejects.toThrow(/permission denied|must be owner|forbidden/);
    } finally {
      await pool.end();
    }
  });
});

test.each([
  `update baton.event set type = 'Other'`,
  'delete from baton.event',
  'truncate baton.event',
  'truncate baton.event_000000',
])('even the owner of the database is stopped by a trigger: %s', async (statement) => {
  await expect(owner.query(statement)).rejects.toThrow('append-only');
});

describe('verifyLog', () => {
  const tamper = async (statement: string): Promise<void> => {
    await owner.query('alter table baton.event disable trigger user');
    await owner.query('alter table baton.event_000000 disable trigger user');
    await owner.query(statement);
  };

  test('finds an untouched log sound', async () => {
    expect(await verifyLog(hub)).toEqual({ verified: true, events: 3, runs: 1, problem: null });
  });

  test('reports what a caller finds wrong with an event', async () => {
    const verdict = await verifyLog(hub, {
      onPage: async (events) => (events.some(({ version }) => version === 2) ? 'cannot be folded' : null),
    });
    expect(verdict).toMatchObject({ verified: false, problem: expect.stringContaining('cannot be folded') });
  });

  test.each([
    [
      'a changed byte',
      `update baton.event set data = replace(data::text, 'n', 'm')::json where position = 2`,
      'position 2',
    ],
    [
      'another actor',
      `update baton.event set actor = '{"type":"user","id":"mallory"}' where position = 2`,
      'position 2',
    ],
    [
      'another time',
      `update baton.event set recorded_at = recorded_at + interval '1 ms' where position = 2`,
      'position 2',
    ],
    ['a missing event', 'delete from baton.event where position = 2', 'position 2 is missing'],
    ['a missing end', 'delete from baton.event where position = 3', 'ends at position 2'],
  ])('names the place of %s', async (_, statement, says) => {
    const copy = await createTestDatabase(inject('postgresUrl'));
    const rest = { owner, hub };
    owner = createPool(copy.url, { role: 'owner', applicationName: 'protection-test' });
    hub = createPool(copy.url, { role: 'hub', applicationName: 'protection-test' });
    try {
      await appendBatch(hub, await aLane(hub), 0, [
        anItem(randomUUID(), { events: [anEvent(), anEvent(), anEvent()] }),
      ]);
      await tamper(statement);
      expect(await verifyLog(hub)).toMatchObject({ verified: false, problem: expect.stringContaining(says) });
    } finally {
      await Promise.all([owner.end(), hub.end()]);
      ({ owner, hub } = rest);
      await copy.drop();
    }
  });
});

test('the log goes on in further partitions, which are as closed as the first', async () => {
  const small = await createTestDatabase(inject('postgresUrl'));
  const [admin, writer] = (['owner', 'hub'] as const).map((role) =>
    createPool(small.url, { role, applicationName: 'partition-test' }),
  ) as [Pool, Pool];
  try {
    await admin.query('update baton.log set partition_size = 4');
    await admin.query('drop table baton.event_000000');
    await admin.query('select baton.ensure_partition(1)');
    const own = await aLane(writer);
    for (const size of [1, 2, 3, 11, 1, 4]) {
      const events = Array.from({ length: size }, () => anEvent());
      expect(await appendBatch(writer, own, 0, [anItem(randomUUID(), { events })])).toMatchObject({ ok: true });
    }
    expect(await logHead(writer)).toBe(22);
    expect((await readLog(writer, { afterPosition: 0, limit: 100 })).map(({ position }) => position)).toEqual(
      Array.from({ length: 22 }, (_, n) => n + 1),
    );
    expect(await verifyLog(writer)).toMatchObject({ verified: true, events: 22 });
    await expect(admin.query('truncate baton.event_000003')).rejects.toThrow('append-only');
    await expect(admin.query('delete from baton.event_000003')).rejects.toThrow('append-only');
  } finally {
    await Promise.all([admin.end(), writer.end()]);
    await small.drop();
  }
});
