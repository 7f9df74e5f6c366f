import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { appendBatch } from './append.js';
import type { AppendItem } from './batch.js';
import { outstandingCommands } from './commands.js';
import { acceptRequest, findRequest, pendingRequests } from './inbox.js';
import { claimLane, type Lane, releaseLane, saveDispatched } from './lanes.js';
import { createPool } from './pool.js';
import { logHead, readLog, readStream } from './streams.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';
import { aCommand, aLane, anEvent, anItem } from './testing/store.js';

let database: TestDatabase;
let pool: Pool;
let lane: Lane;
let runId: string;

beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  pool = createPool(database.url, { role: 'hub', applicationName: 'append-test' });
  lane = await aLane(pool);
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});
beforeEach(() => {
  runId = randomUUID();
});

const append = (...items: readonly AppendItem[]) => appendBatch(pool, lane, 0, items);
const versions = async (run: string) => (await readStream(pool, run, {})).map(({ version }) => version);

describe('expected version', () => {
  test('0 begins a stream', async () => {
    expect(await append(anItem(runId, { events: [anEvent(), anEvent()] }))).toMatchObject({ ok: true });
    expect(await versions(runId)).toEqual([1, 2]);
  });

  test('the exact version continues it', async () => {
    await append(anItem(runId));
    expect(await append(anItem(runId, { expectedVersion: 1 }))).toMatchObject({ ok: true });
    expect(await versions(runId)).toEqual([1, 2]);
  });

  test.each([
    ['0 for a stream that exists', 0],
    ['a version that is behind', 1],
    ['a version that is ahead', 3],
  ])('%s is a conflict and writes nothing', async (_, expectedVersion) => {
    await append(anItem(runId, { events: [anEvent(), anEvent()] }));
    const head = await logHead(pool);
    expect(await append(anItem(runId, { expectedVersion }))).toEqual({
      ok: false,
      conflicts: [{ index: 0, reason: 'version-conflict', key: runId }],
    });
    expect(await logHead(pool)).toBe(head);
  });

  test('above 0 for a stream that does not exist is a conflict', async () => {
    expect(await append(anItem(runId, { expectedVersion: 1 }))).toMatchObject({ ok: false });
  });
});

describe('tokens', () => {
  test('a command row comes with the events that issue it and goes with those that settle it', async () => {
    const commandId = `${runId}-1`;
    await append(anItem(runId, { commands: [aCommand(commandId)] }));
    const before = await outstandingCommands(pool, { afterSeq: 0, limit: 1_000 });
    expect(before.filter((command) => command.runId === runId)).toMatchObject([
      { commandId, queue: 'worker-test', dispatchNo: 0 },
    ]);

    await append(anItem(runId, { expectedVersion: 1, consume: [commandId] }));
    const after = await outstandingCommands(pool, { afterSeq: 0, limit: 1_000 });
    expect(after.filter((command) => command.runId === runId)).toEqual([]);
  });

  test('a duplicate result finds no row and writes nothing', async () => {
    const commandId = `${runId}-1`;
    await append(anItem(runId, { commands: [aCommand(commandId)] }));
    await append(anItem(runId, { expectedVersion: 1, consume: [commandId] }));
    expect(await append(anItem(runId, { expectedVersion: 2, consume: [commandId] }))).toEqual({
      ok: false,
      conflicts: [{ index: 0, reason: 'command-gone', key: commandId }],
    });
    expect(await versions(runId)).toEqual([1, 2]);
  });

  test('of two results for one command in flight at once only one is written', async () => {
    const commandId = `${runId}-1`;
    await append(anItem(runId, { commands: [aCommand(commandId)] }));
    const settle = () => append(anItem(runId, { expectedVersion: 1, consume: [commandId] }));
    const results = await Promise.all([settle(), settle(), settle()]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await versions(runId)).toEqual([1, 2]);
  });
});

describe('requests', () => {
  test('a repeated request writes nothing', async () => {
    const requestId = `request of ${runId}`;
    await append(anItem(runId, { requests: [requestId] }));
    expect(await append(anItem(randomUUID(), { requests: [requestId] }))).toEqual({
      ok: false,
      conflicts: [{ index: 0, reason: 'request-seen', key: requestId }],
    });
    expect(await findRequest(pool, requestId)).toEqual({ runId });
  });

  test('an accepted request waits in the inbox until the append that answers it', async () => {
    const requestId = `inbox ${runId}`;
    const gateway = createPool(database.url, { role: 'gateway', applicationName: 'append-test' });
    const waiting = async () =>
      (await pendingRequests(pool, { limit: 100 })).filter((request) => request.requestId === requestId);
    try {
      const request = { requestId, name: 'submit', message: { workflow: 'x' } };
      expect(await acceptRequest(gateway, request)).toEqual({ status: 'accepted' });
      expect(await acceptRequest(gateway, request)).toMatchObject({
        status: 'already-accepted',
        message: { workflow: 'x' },
      });
      expect(await waiting()).toHaveLength(1);
      await append(anItem(runId, { requests: [requestId] }));
      expect(await waiting()).toEqual([]);
      expect(await acceptRequest(gateway, request)).toEqual({ status: 'already-processed', runId });
    } finally {
      await gateway.end();
    }
  });
});

describe('a batch', () => {
  test('is all or nothing, and names every offender', async () => {
    const [fresh, stale, twice] = [randomUUID(), randomUUID(), randomUUID()];
    await append(anItem(stale), anItem(twice, { requests: [`seen ${twice}`] }));
    const head = await logHead(pool);
    const result = await append(
      anItem(fresh, { commands: [aCommand(`${fresh}-1`)] }),
      anItem(stale, { expectedVersion: 7 }),
      anItem(randomUUID(), { requests: [`seen ${twice}`] }),
      anItem(twice, { expectedVersion: 1, consume: [`${twice}-9`] }),
    );
    expect(result).toEqual({
      ok: false,
      conflicts: expect.arrayContaining([
        { index: 1, reason: 'version-conflict', key: stale },
        { index: 2, reason: 'request-seen', key: `seen ${twice}` },
        { index: 3, reason: 'command-gone', key: `${twice}-9` },
      ]),
    });
    expect(await logHead(pool)).toBe(head);
    expect(await versions(fresh)).toEqual([]);
  });

  test('refuses a run that stands in it twice', async () => {
    await expect(append(anItem(runId), anItem(runId))).rejects.toThrow(/twice/);
  });

  test('keeps events byte for byte, in order, with what they were recorded with', async () => {
    const event = anEvent({ data: { a: [1, 2.5, 'x\u0000y'], ' spaced key ': null }, correlationId: 'c' });
    await append(anItem(runId, { events: [event] }));
    const [stored] = await readStream(pool, runId, {});
    expect(stored).toMatchObject({
      eventId: event.eventId,
      recordedAt: event.recordedAt,
      actor: event.actor,
      correlationId: 'c',
      dataText: JSON.stringify(event.data),
    });
  });
});

test('writers at the same time give positions without a gap, visible in order', async () => {
  const before = await logHead(pool);
  const pools = [1, 2, 3].map((n) => createPool(database.url, { role: 'hub', applicationName: `writer-${n}`, max: 1 }));
  const lanes = await Promise.all(pools.map((writer) => aLane(writer)));
  let writing = true;
  const gaps: string[] = [];
  const watch = async (): Promise<void> => {
    let seen = before;
    while (writing) {
      for (const { position } of await readLog(pool, { afterPosition: seen, limit: 100 })) {
        if (position !== seen + 1) gaps.push(`${seen} → ${position}`);
        seen = position;
      }
    }
  };
  const watching = watch();
  await Promise.all(
    pools.map(async (writer, n) => {
      const own = lanes[n];
      if (own === undefined) throw new Error('unreachable');
      for (let turn = 0; turn < 40; turn += 1) {
        const items = Array.from({ length: 1 + (turn % 5) }, () =>
          anItem(randomUUID(), { events: [anEvent(), anEvent()] }),
        );
        expect(await appendBatch(writer, own, 0, items)).toMatchObject({ ok: true });
      }
    }),
  );
  writing = false;
  await watching;
  expect(gaps).toEqual([]);
  expect(await logHead(pool)).toBe(before + 3 * 2 * 8 * 15);
  await Promise.all(lanes.map((held) => releaseLane(pool, held)));
  await Promise.all(pools.map((writer) => writer.end()));
});

test('who lost the lane cannot append', async () => {
  const old = await claimLane(pool, 'sleeper', 0);
  if (old === null) throw new Error('no lane');
  const taken = await claimLane(pool, 'successor', 60_000);
  expect(taken).toMatchObject({ lane: old.lane, fence: old.fence + 1 });
  await expect(appendBatch(pool, old, 0, [anItem(runId)])).rejects.toMatchObject({ code: 'lane-fenced' });
  expect(await versions(runId)).toEqual([]);
});

test('a lane is taken over after the append that is under way, and none of its former holder comes later', async () => {
  const owner = createPool(database.url, { role: 'owner', applicationName: 'append-test', max: 2 });
  const under = await owner.connect();
  try {
    const old = await aLane(pool);
    await releaseLane(pool, old);
    // As far as an append has come when it has read its fence.
    await under.query('begin');
    await under.query('select from baton.log for update');
    const claimed = claimLane(pool, 'the next', 60_000);
    await expect
      .poll(async () => (await owner.query(WAITING_CLAIMS)).rows[0].n, { timeout: 15_000, interval: 10 })
      .toBe(1);
    await under.query('commit');
    expect(await claimed).toMatchObject({ lane: old.lane, fence: old.fence + 1 });
    const head = await logHead(pool);
    await expect(appendBatch(pool, old, 0, [anItem(runId)])).rejects.toMatchObject({ code: 'lane-fenced' });
    expect(await logHead(pool)).toBe(head);
  } finally {
    under.release(true);
    await owner.end();
  }
});

const WAITING_CLAIMS = `select count(*)::int as n from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock' and query like '%claim_lane%'`;

test('what was sent is saved along where it has come far, and else by itself', async () => {
  const saved = async (): Promise<number> =>
    (await pool.query('select dispatched_seq from baton.lane where lane = $1', [lane.lane])).rows[0].dispatched_seq;
  const before = await saved();
  expect(await appendBatch(pool, lane, before + 100, [anItem(randomUUID())])).toMatchObject({ ok: true });
  expect(await saved()).toBe(before);
  expect(await appendBatch(pool, lane, before + 101, [anItem(randomUUID())])).toMatchObject({ ok: true });
  expect(await saved()).toBe(before + 101);
  await saveDispatched(pool, lane, before + 103);
  expect(await saved()).toBe(before + 103);
});
