import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { appendBatch } from './append.js';
import { getBlob, getBytes, putBlob, putBytes, putUpload } from './blobs.js';
import { bumpDispatch, commandsDue, outstandingCommands, undispatchedCommands } from './commands.js';
import { listDeadLetters, recordDeadLetter } from './dead-letters.js';
import { acceptRequest, pendingRequests } from './inbox.js';
import { journalRead, journalWrite } from './journal.js';
import { type Lane, saveDispatched } from './lanes.js';
import { createPool } from './pool.js';
import { findRunIds, parkRun, releaseParkedRuns } from './streams.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';
import { aCommand, aLane, anItem } from './testing/store.js';

let database: TestDatabase;
let hub: Pool;
let worker: Pool;
let gateway: Pool;
let lane: Lane;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  hub = createPool(database.url, { role: 'hub', applicationName: 'side-tables' });
  worker = createPool(database.url, { role: 'worker', applicationName: 'side-tables' });
  gateway = createPool(database.url, { role: 'gateway', applicationName: 'side-tables' });
  lane = await aLane(hub);
});
afterAll(async () => {
  await Promise.all([hub?.end(), worker?.end(), gateway?.end()]);
  await database?.drop();
});

test('a blob is found by its hash, stored once, and checked when read', async () => {
  const text = 'ü'.repeat(20_000);
  const ref = await putBlob(worker, text);
  expect(ref.size).toBe(40_000);
  expect(await putBlob(hub, text)).toEqual(ref);
  expect(await getBlob(hub, ref)).toBe(text);
  await expect(getBlob(hub, { ...ref, sha256: '0'.repeat(64) })).rejects.toMatchObject({ code: 'blob-missing' });
  await expect(getBlob(hub, { ...ref, size: 1 })).rejects.toMatchObject({ code: 'blob-corrupt' });
});

test('bytes are stored as they are, and by the gateway no more than it may', async () => {
  const bytes = Buffer.from([0, 255, 254, 13, 10]);
  const ref = await putBytes(worker, bytes);
  expect(ref.size).toBe(5);
  expect(await putUpload(gateway, bytes)).toEqual(ref);
  expect(await getBytes(gateway, ref.sha256)).toEqual(bytes);
  await expect(getBytes(gateway, '0'.repeat(64))).rejects.toMatchObject({ code: 'blob-missing' });
  await expect(putUpload(gateway, Buffer.alloc(16 * 1024 * 1024 + 1))).rejects.toMatchObject({ code: 'not-storable' });
  await expect(putBytes(gateway, bytes)).rejects.toThrow('permission denied');
  await expect(putBytes(worker, Buffer.alloc(64 * 1024 * 1024 + 1))).rejects.toThrow('at most 64 MiB');
});

test('of two journal entries for one call the first counts', async () => {
  const commandId = `${randomUUID()}-1`;
  expect(await journalRead(worker, commandId, 0)).toBeNull();
  await journalWrite(worker, commandId, 0, { text: 'first' });
  await journalWrite(worker, commandId, 0, { text: 'second' });
  expect(await journalRead(worker, commandId, 0)).toEqual({ text: 'first' });
  expect(await journalRead(worker, commandId, 1)).toBeNull();
});

test('a dead letter keeps the message and strikes its request off the inbox', async () => {
  await acceptRequest(gateway, { requestId: 'bad', name: 'submit', message: { workflow: 'gone' } });
  await recordDeadLetter(hub, {
    source: 'intake',
    name: 'submit',
    reason: 'no such \u0000 workflow',
    message: '{"a":"\u0000"}',
    requestId: 'bad',
  });
  expect(await listDeadLetters(gateway, { limit: 1 })).toMatchObject([
    { source: 'intake', reason: 'no such \ufffd workflow', requestId: 'bad' },
  ]);
  expect(await pendingRequests(hub, { limit: 10 })).toEqual([]);
});

test('a worker may put its own messages aside', async () => {
  const letter = { source: 'worker-planner', name: 'task', reason: 'not JSON', message: '{', commandId: 'unknown' };
  await recordDeadLetter(worker, letter);
  const [newest] = await listDeadLetters(gateway, { limit: 1 });
  expect(newest).toMatchObject(letter);
  expect(await listDeadLetters(gateway, { limit: 10, before: newest?.id ?? 0 })).not.toContainEqual(newest);
});

test('undispatched are the commands beyond what their lane has sent', async () => {
  const runId = randomUUID();
  const result = await appendBatch(hub, lane, 0, [
    anItem(runId, { commands: [1, 2, 3].map((n) => aCommand(`${runId}-${n}`)) }),
  ]);
  if (!result.ok) throw new Error('append failed');
  const undispatched = async () => (await undispatchedCommands(hub, { limit: 100 })).map(({ commandId }) => commandId);
  expect(await undispatched()).toEqual([`${runId}-1`, `${runId}-2`, `${runId}-3`]);
  await saveDispatched(hub, lane, result.commands[1]?.seq ?? 0);
  expect(await undispatched()).toEqual([`${runId}-3`]);
  await saveDispatched(hub, lane, 0);
  expect(await undispatched()).toEqual([`${runId}-3`]);
});

test('due are the commands whose deadline has passed, timers among them', async () => {
  const runId = randomUUID();
  const commands = [
    aCommand(`${runId}-1`, { deadline: '2026-01-01T00:00:00.000Z' }),
    aCommand(`${runId}-2`, { deadline: '2026-01-01T00:00:00.500Z', queue: null }),
    aCommand(`${runId}-3`, { deadline: '2999-01-01T00:00:01.000Z' }),
    aCommand(`${runId}-4`),
  ];
  await appendBatch(hub, lane, 0, [anItem(runId, { commands })]);
  const due = await commandsDue(hub, 10);
  expect(due).toEqual([
    { commandId: `${runId}-1`, runId, isSilent: false, isOverdue: false },
    { commandId: `${runId}-2`, runId, isSilent: false, isOverdue: false },
  ]);
});

test('a parked run is left alone until it is released', async () => {
  const runId = randomUUID();
  await appendBatch(hub, lane, 0, [
    anItem(runId, { commands: [aCommand(`${runId}-1`, { deadline: '2000-01-01T00:00:00Z' })] }),
  ]);
  const seen = async () => ({
    outstanding: (await outstandingCommands(hub, { afterSeq: 0, limit: 1_000 })).some(
      (command) => command.runId === runId,
    ),
    due: (await commandsDue(hub, 100)).some((command) => command.runId === runId),
  });
  expect(await seen()).toEqual({ outstanding: true, due: true });
  await parkRun(hub, runId);
  expect(await seen()).toEqual({ outstanding: false, due: false });
  expect(await releaseParkedRuns(hub)).toEqual([runId]);
  expect(await seen()).toEqual({ outstanding: true, due: true });
});

test('a delayed command is outstanding only from when it is due, and says how long that is by the clock of the database', async () => {
  const runId = randomUUID();
  const notBefore = (ms: number): string => new Date(Date.now() + ms).toISOString();
  const commands = [3_600_000, -3_600_000].map((ms, n) => aCommand(`${runId}-${n}`, { notBefore: notBefore(ms) }));
  const written = await appendBatch(hub, lane, 0, [anItem(runId, { commands })]);
  const read = (olderThanMs: number) => outstandingCommands(hub, { olderThanMs, afterSeq: 0, limit: 1_000 });
  const idsOf = async (olderThanMs: number) => (await read(olderThanMs)).map(({ commandId }) => commandId);
  expect(await idsOf(0)).toContain(`${runId}-1`);
  expect(await idsOf(0)).not.toContain(`${runId}-0`);
  expect(await idsOf(-3_700_000)).toContain(`${runId}-0`);
  expect(await idsOf(3_700_000)).not.toContain(`${runId}-1`);
  if (!written.ok) throw new Error('append failed');
  for (const rows of [written.commands, await read(-3_700_000)]) {
    const waits = rows.filter((row) => row.runId === runId).map(({ waitMs }) => Math.round(waitMs / 100_000));
    expect(waits).toEqual([36, 0]);
  }
});

test('bumpDispatch counts up, and says when the command is gone or another process was faster', async () => {
  const runId = randomUUID();
  await appendBatch(hub, lane, 0, [anItem(runId, { commands: [aCommand(`${runId}-1`)] })]);
  expect(await bumpDispatch(hub, `${runId}-1`, 0)).toBe(1);
  expect(await bumpDispatch(hub, `${runId}-1`, 0)).toBeNull();
  expect(await bumpDispatch(hub, `${runId}-1`, 1)).toBe(2);
  expect(await bumpDispatch(hub, `${runId}-2`, 0)).toBeNull();
});

test('a run is found by any prefix of its id, and by nothing else', async () => {
  const runId = randomUUID();
  await appendBatch(hub, lane, 0, [anItem(runId)]);
  for (const length of [8, 9, 13, 36]) expect(await findRunIds(gateway, runId.slice(0, length), 5)).toContain(runId);
  for (const wrong of ['', 'xyz', `${runId}0`, runId.slice(0, 8).concat('_'), runId.replaceAll('-', '')]) {
    expect(await findRunIds(gateway, wrong, 5)).toEqual([]);
  }
});
