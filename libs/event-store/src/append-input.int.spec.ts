import { randomUUID } from 'node:crypto';
import { RetryableError } from '@baton/contracts';
import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { appendBatch } from './append.js';
import type { AppendItem } from './batch.js';
import { outstandingCommands } from './commands.js';
import { acceptRequest, findRequest, pendingRequests } from './inbox.js';
import type { Lane } from './lanes.js';
import { createPool } from './pool.js';
import { logHead, readStream } from './streams.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';
import { aCommand, aLane, anEvent, anItem } from './testing/store.js';
import { verifyLog } from './verify.js';

let database: TestDatabase;
let pool: Pool;
let lane: Lane;
let runId: string;

beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  pool = createPool(database.url, { role: 'hub', applicationName: 'append-input' });
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
const outstanding = async () =>
  (await outstandingCommands(pool, { limit: 1_000 })).filter((command) => command.runId === runId);

test('an item may settle several commands and answer several requests', async () => {
  const ids = [1, 2, 3].map((n) => `${runId}-${n}`);
  await append(anItem(runId, { commands: ids.map((id) => aCommand(id)) }));
  const requests = [`a ${runId}`, `b ${runId}`];
  await append(anItem(runId, { expectedVersion: 1, consume: ids.slice(0, 2), requests }));
  expect((await outstanding()).map(({ commandId }) => commandId)).toEqual([ids[2]]);
  for (const requestId of requests) expect(await findRequest(pool, requestId)).toEqual({ runId });
});

test('an item without events notes its requests and leaves the stream as it is', async () => {
  await append(anItem(runId));
  const requestId = `late ${runId}`;
  expect(await append(anItem(runId, { expectedVersion: 1, events: [], requests: [requestId] }))).toMatchObject({
    ok: true,
  });
  expect(await findRequest(pool, requestId)).toEqual({ runId });
  expect(await readStream(pool, runId, {})).toHaveLength(1);
  expect(await append(anItem(runId, { expectedVersion: 1 }))).toMatchObject({ ok: true });
});

test('an empty batch writes nothing', async () => {
  const head = await logHead(pool);
  expect(await append()).toEqual({ ok: true, firstPosition: head + 1, commands: [] });
});

test('a command that is settled in the item that issues it is never written', async () => {
  const [brief, lasting] = [`${runId}-1`, `${runId}-2`];
  const result = await append(anItem(runId, { commands: [aCommand(brief), aCommand(lasting)], consume: [brief] }));
  expect(result).toMatchObject({ ok: true, commands: [{ commandId: lasting }] });
  expect((await outstanding()).map(({ commandId }) => commandId)).toEqual([lasting]);
});

test('a written command is answered as it then stands in the table', async () => {
  const command = aCommand(`${runId}-1`, { notBefore: '2020-01-01T00:00:00Z', deadline: '2030-01-01T01:00:00+01:00' });
  const result = await append(anItem(runId, { commands: [command] }));
  if (!result.ok) throw new Error('append failed');
  expect(result.commands).toEqual(await outstanding());
  expect(result.commands).toMatchObject([
    { notBefore: '2020-01-01T00:00:00.000Z', deadline: '2030-01-01T00:00:00.000Z', lane: lane.lane, dispatchNo: 0 },
  ]);
});

test('of two items with the same request the later one is named as repeated', async () => {
  const requestId = `same ${runId}`;
  const other = anItem(randomUUID(), { requests: [requestId] });
  expect(await append(anItem(runId, { requests: [requestId, requestId] }), other)).toEqual({
    ok: false,
    conflicts: [{ index: 1, reason: 'request-seen', key: requestId }],
  });
  expect(await findRequest(pool, requestId)).toBeNull();
});

test("a command is no token for another run's item", async () => {
  const commandId = `${runId}-1`;
  await append(anItem(runId, { commands: [aCommand(commandId)] }));
  expect(await append(anItem(randomUUID(), { consume: [commandId] }))).toMatchObject({
    ok: false,
    conflicts: [{ reason: 'command-gone', key: commandId }],
  });
});

test.each([
  ['NUL', 'a\u0000b'],
  ['half a surrogate pair', 'a\ud800b'],
])('a request id with %s is written like any other, and known when it comes again', async (_, strange) => {
  const requestId = `${strange} ${runId}`;
  const gateway = createPool(database.url, { role: 'gateway', applicationName: 'append-input', max: 1 });
  const pending = async () => (await pendingRequests(pool, { limit: 100 })).length;
  const before = await pending();
  try {
    await acceptRequest(gateway, { requestId, name: 'submit', message: {} });
    expect(await pending()).toBe(before + 1);
    const event = anEvent({ causationId: requestId, correlationId: requestId, data: { requestId } });
    expect(await append(anItem(runId, { requests: [requestId], events: [event] }))).toMatchObject({ ok: true });
    expect(await pending()).toBe(before);
    expect(await findRequest(pool, requestId)).toEqual({ runId });
    expect(await append(anItem(randomUUID(), { requests: [requestId] }))).toEqual({
      ok: false,
      conflicts: [{ index: 0, reason: 'request-seen', key: requestId }],
    });
  } finally {
    await gateway.end();
  }
});

test('ids and times are hashed in the form in which they are read back', async () => {
  const event = anEvent({ eventId: randomUUID().toUpperCase(), recordedAt: '2026-01-01T02:00:00+02:00' });
  await append(anItem(runId.toUpperCase(), { events: [event] }));
  expect(await readStream(pool, runId, {})).toMatchObject([{ runId, recordedAt: '2026-01-01T00:00:00.000Z' }]);
  expect(await verifyLog(pool)).toMatchObject({ verified: true, problem: null });
});

test('a value that no column holds is told from a database that is away: a second try would not help', async () => {
  const command = aCommand(`${runId}-1`, { priority: 99_999 });
  const refused = await append(anItem(runId, { events: [anEvent()], commands: [command] })).catch((error) => error);
  expect(refused).toMatchObject({ code: 'not-storable' });
  expect(refused).not.toBeInstanceOf(RetryableError);
  expect(await readStream(pool, runId, {})).toEqual([]);
});

test('a time that is none is refused with the text in question', async () => {
  const item = anItem(runId, { events: [anEvent({ recordedAt: 'yesterday' })] });
  await expect(append(item)).rejects.toMatchObject({
    code: 'invalid-append',
    message: expect.stringMatching('yesterday'),
  });
});
