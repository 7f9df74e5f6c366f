import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { appendBatch } from './append.js';
import { endedAfter, groupOf } from './archive-candidates.js';
import { setArchiveRule } from './archive-rows.js';
import { archiveRuns, NotToArchive } from './archive-runs.js';
import type { NewEvent } from './batch.js';
import { inTransaction } from './in-transaction.js';
import type { Lane } from './lanes.js';
import { createPool } from './pool.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';
import { aLane, anEvent, anItem } from './testing/store.js';

let database: TestDatabase;
let hub: Pool;
let owner: Pool;
let gateway: Pool;
let lane: Lane;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  const pool = (role: 'hub' | 'owner' | 'gateway'): Pool =>
    createPool(database.url, { role, applicationName: 'archive-test', max: 2 });
  [hub, owner, gateway] = [pool('hub'), pool('owner'), pool('gateway')];
  lane = await aLane(hub);
});
afterAll(async () => {
  await Promise.all([hub?.end(), owner?.end(), gateway?.end()]);
  await database?.drop();
});

let begin: number;
beforeEach(async () => {
  begin = Number((await owner.query('select head from baton.log')).rows[0].head);
});

/** A run of one event, ended unless it is said otherwise. */
async function aRun(event: Partial<NewEvent> = {}, more: Partial<Parameters<typeof anItem>[1]> = {}): Promise<string> {
  const runId = randomUUID();
  const item = anItem(runId, { events: [anEvent(event)], ended: true, ...more });
  expect(await appendBatch(hub, lane, 0, [item])).toMatchObject({ ok: true });
  return runId;
}
const signed = async (): Promise<void> => {
  await owner.query(`insert into baton.checkpoint (size, note) select head, 'x' from baton.log`);
};
const now = (): string => new Date().toISOString();
const found = (position: number, positions: number) => endedAfter(gateway, position, { positions, afterSeconds: 60 });

test('what ended long enough ago and is signed is found, part by part, up to the first event that is younger', async () => {
  const old = [await aRun(), await aRun()];
  const open = await aRun({}, { ended: false });
  expect(await found(begin, 10)).toEqual({ runIds: [], lookedTo: begin });
  await signed();
  expect(await found(begin, 1)).toEqual({ runIds: [old[0]], lookedTo: begin + 1 });
  expect(await found(begin + 1, 10)).toEqual({ runIds: [old[1]], lookedTo: begin + 3 });
  const young = await aRun({ recordedAt: now() });
  const later = await aRun();
  await signed();
  expect(await found(begin, 10)).toEqual({ runIds: old, lookedTo: begin + 3 });
  expect([open, young, later]).toHaveLength(3);
});

test('positions that archives have are passed over', async () => {
  await aRun();
  const last = await aRun();
  await signed();
  await owner.query('alter table baton.event disable trigger user');
  await owner.query('delete from baton.event where position = $1', [begin + 1]);
  expect(await found(begin, 1)).toEqual({ runIds: [], lookedTo: begin + 1 });
  expect(await found(begin + 1, 1)).toEqual({ runIds: [last], lookedTo: begin + 2 });
});

test('a run belongs to the one that asked for it, whichever is looked at, and a fork holds its origin', async () => {
  const parent = await aRun();
  const child = await aRun({}, { parentCommand: `${parent}-c1` });
  const grandchild = await aRun({}, { parentCommand: `${child}-c9`, ended: false });
  for (const runId of [parent, child, grandchild]) {
    const group = await groupOf(gateway, runId);
    expect(group.map((member) => member.runId)).toEqual([parent, child, grandchild]);
    expect(group.map(({ hasEnded, isForked }) => [hasEnded, isForked])).toEqual([
      [true, false],
      [true, false],
      [false, false],
    ]);
  }
  const text = { note: '\u0000 "from":{"runId":"no"}' };
  const fork = await aRun({ type: 'RunForked', data: { requestId: 'r', ...text, from: { runId: child, version: 1 } } });
  expect((await groupOf(gateway, parent)).map(({ isForked }) => isForked)).toEqual([false, true, false]);
  expect(await groupOf(gateway, fork)).toMatchObject([{ runId: fork, isForked: false }]);
  expect(await groupOf(gateway, randomUUID())).toEqual([]);
});

test('a run does not go of which a fork began while its file was written', async () => {
  const runId = await aRun();
  await signed();
  await aRun({ type: 'RunForked', data: { from: { runId, version: 1 } } });
  await setArchiveRule(owner, 0);
  const about = { workflow: 'w', status: 'succeeded', labels: {}, submittedBy: 'user:ada', startedAt: now() };
  const group = (lookedAt: number) => ({
    file: { name: `2026-01/${runId}-00.jsonl.gz`, sha256: '00'.repeat(32), bytes: 1 },
    runs: [{ runId, version: 1, about }],
    erased: [],
    lookedAt,
  });
  const archive = (lookedAt: number) => inTransaction(gateway, (client) => archiveRuns(client, group(lookedAt)));
  await expect(archive(begin + 1)).rejects.toThrow(NotToArchive);
  expect(await archive(begin + 2)).toEqual(expect.any(String));
});
