import { randomUUID } from 'node:crypto';
import { WorkerAnnouncement } from '@baton/contracts';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { announceWorker } from './announce-worker.js';
import { createPool } from './pool.js';
import { createTestDatabase, type TestDatabase } from './testing/database.js';
import { workersBefore } from './workers-before.js';

let database: TestDatabase;
let worker: Pool;
let gateway: Pool;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgresUrl'));
  worker = createPool(database.url, { role: 'worker', applicationName: 'announce' });
  gateway = createPool(database.url, { role: 'gateway', applicationName: 'announce' });
});
afterAll(async () => {
  await Promise.all([worker?.end(), gateway?.end()]);
  await database?.drop();
});

const announce = (workerId: string, changes: object = {}) =>
  announceWorker(
    worker,
    WorkerAnnouncement.parse({ v: 1, workerId, kind: 'greeter', host: 'h', pid: 7, concurrency: 2, ...changes }),
  );
const task = (commandId: string, begunMsAgo: number, changes: object = {}) => ({
  ordinal: 1,
  commandId,
  state: 'Greet',
  dispatchNo: 0,
  begunMsAgo,
  endedMsAgo: null,
  beatMsAgo: null,
  note: null,
  ...changes,
});
const workOf = async (commandId: string) =>
  (
    await gateway.query(
      `select worker_id, note, is_lost, ended_at is not null as is_ended from baton.task_work
        where command_id = $1 order by begun_at`,
      [commandId],
    )
  ).rows;

test('what a worker says of itself replaces what it said before', async () => {
  const [id, commandId] = [randomUUID(), `${randomUUID()}-1`];
  await announce(id, { tasks: [task(commandId, 1_000)], description: 'Greets \u0000.' });
  await announce(id, { tasks: [task(commandId, 2_000, { beatMsAgo: 1, note: 'half way' })] });
  expect(await workOf(commandId)).toEqual([{ worker_id: id, note: 'half way', is_lost: false, is_ended: false }]);
  await announce(id, { isStopped: true });
  expect(await workOf(commandId)).toEqual([{ worker_id: id, note: 'half way', is_lost: false, is_ended: true }]);
  const { rows } = await gateway.query('select kind, load, stopped_at from baton.worker where worker_id = $1', [id]);
  expect(rows).toEqual([{ kind: 'greeter', load: 0, stopped_at: expect.any(Date) }]);
});

test('a task that another worker began later was lost by the first, whoever speaks last', async () => {
  const [first, second, commandId] = [randomUUID(), randomUUID(), `${randomUUID()}-1`];
  await announce(first, { tasks: [task(commandId, 5_000)] });
  await announce(second, { tasks: [task(commandId, 1_000)] });
  await announce(first, { tasks: [task(commandId, 6_000)] });
  expect(await workOf(commandId)).toMatchObject([
    { worker_id: first, is_lost: true, is_ended: true },
    { worker_id: second, is_lost: false, is_ended: false },
  ]);
});

test('a worker writes down what it says through the function alone', async () => {
  await expect(worker.query('update baton.worker set load = 0')).rejects.toThrow('permission denied');
  await expect(worker.query('select 1 from baton.task_work')).rejects.toThrow('permission denied');
});

test('of workers of a kind that begin together each but one sees those before it, whichever transaction ends first', async () => {
  const ids = Array.from({ length: 24 }, () => randomUUID());
  const pools = ids.map(() => createPool(database.url, { role: 'worker', max: 1, applicationName: 'at-once' }));
  await Promise.all(pools.map((pool) => pool.query('select 1')));
  const seen = await Promise.all(
    pools.map(async (pool, n) => {
      const workerId = ids[n] ?? '';
      const said = { v: 1, workerId, kind: 'at-once', host: 'h', pid: 7, concurrency: 2 };
      await announceWorker(pool, WorkerAnnouncement.parse(said));
      return (await workersBefore(pool, workerId)).length;
    }),
  );
  await Promise.all(pools.map((pool) => pool.end()));
  expect(seen.toSorted((one, other) => one - other)).toEqual(ids.map((_, n) => n));
});
