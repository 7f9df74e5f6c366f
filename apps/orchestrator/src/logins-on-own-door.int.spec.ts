import { randomUUID } from 'node:crypto';
import { INTAKE_QUEUE, type Login, laneResultsQueue, workerQueue } from '@baton/contracts';
import { bundleOf, consume, openMessaging } from '@baton/messaging';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { createDatabaseWithLogins, type DatabaseWithLogins, FORBIDDEN } from './testing/database-with-logins.js';

const HUB = 'orchestrator';
const LOCK = { lockDuration: 30_000, stalledInterval: 30_000, maxStalledCount: 1 };
const SETTINGS = { ...LOCK, concurrency: 1, runRetryDelay: 1_000 };

let database: DatabaseWithLogins;
beforeAll(async () => {
  database = await createDatabaseWithLogins(inject('postgresUrl'));
});
afterAll(() => database?.drop());

describe('the own door of the queues on Postgres', () => {
  test.each(['planner', 'worker'] as const)(
    'lets %s take its own tasks and hand in results, and see and touch nothing else',
    async (login) => {
      const queue = login === 'worker' ? 'worker-text-statistics' : workerQueue(login);
      const open = (as: Login) =>
        openMessaging({ backend: 'postgres', url: database.urlFor(as), via: 'own-door' }, { name: `table-${as}` });
      const [hub, theirs] = [await open(HUB), await open(login)];
      const lane = laneResultsQueue(3);
      const message = (jobId: string) => [{ jobId, name: 'task', data: { n: 1 } }];
      const taken = Promise.withResolvers<void>();
      const worker = theirs.backend.openWorker(
        queue,
        async () => {
          await theirs.publish(lane, message(`r-${login}`));
          taken.resolve();
        },
        SETTINGS,
      );
      try {
        await hub.publish('worker-validator', message('of another'));
        await database.owner.query(
          `insert into bullmq.baton_takers (queue, holder, channel) values ('worker-validator', gen_random_uuid(), $1)`,
          [`baton>${randomUUID()}`],
        );
        await hub.publish(queue, message(`t-${login}`));
        await worker.waitUntilReady();
        void worker.run();
        await taken.promise;
        await expect.poll(() => hub.jobState(queue, `t-${login}`)).toBe('unknown');
        expect(await hub.jobState(lane, `r-${login}`)).toBe('waiting');
        await expect(theirs.publish('worker-validator', message('forged'))).rejects.toMatchObject({ code: FORBIDDEN });
        await database.as(login, async (client) => {
          const others = await client.query(`select queue from bullmq.baton_passing where queue = 'worker-validator'`);
          expect(others.rows).toEqual([]);
          // Whoever knows the channel of a holder hears what is handed over to it.
          const channels = await client.query('select distinct queue from bullmq.baton_takers');
          expect(channels.rows).toEqual([{ queue }]);
          const taker = (of: string, channel: string) =>
            client.query(
              `insert into bullmq.baton_takers (queue, holder, channel) values ($1, gen_random_uuid(), $2)`,
              [of, channel],
            );
          await expect(taker('worker-validator', `baton>${randomUUID()}`)).rejects.toMatchObject({ code: FORBIDDEN });
          // What no NOTIFY takes would fail with whoever puts something in.
          await expect(taker(queue, 'x'.repeat(80))).rejects.toMatchObject({ code: '23514' });
          const changed = await client.query('delete from bullmq.baton_passing');
          expect(changed.rowCount).toBe(0);
        });
      } finally {
        await worker.close();
        await theirs.close();
        await hub.close();
      }
    },
  );

  test.each(['planner', 'worker', 'gateway'] as const)(
    'lets %s say of a message only what its sender says',
    async (login) => {
      const queue = login === 'gateway' ? INTAKE_QUEUE : laneResultsQueue(4);
      const table = login === 'gateway' ? 'bullmq.baton_lasting' : 'bullmq.baton_passing';
      const hub = await openMessaging({ backend: 'postgres', url: database.urlFor(HUB) }, { name: 'hostile-rows' });
      const put = (client: { query(sql: string): Promise<unknown> }, columns: string, values: string) =>
        client.query(
          `insert into ${table} (queue, job_id, name, data${columns}) values ('${queue}', 'h-${randomUUID()}', 'x', '{}'${values})`,
        );
      try {
        await database.owner.query(
          `insert into bullmq.baton_takers (queue, holder, channel) values ($1, gen_random_uuid(), $2)`,
          [queue, `baton>${randomUUID()}`],
        );
        await database.as(login, async (client) => {
          // Whoever sends to a queue hears nothing of who takes from it, nor may say anything to them.
          expect((await client.query('select from bullmq.baton_takers where queue = $1', [queue])).rows).toEqual([]);
          for (const [column, value] of [
            ['deliveries', '2147483647'],
            ['failures', '-1'],
            ['stalls', '2147483647'],
            ['holder', 'gen_random_uuid()'],
            ['baton_added_by', `'baton_login_orchestrator'`],
            ['due_at', `'-infinity'`],
            ['due_at', `now() - interval '1 hour'`],
          ])
            await expect(put(client, `, ${column}`, `, ${value}`), column).rejects.toMatchObject({ code: FORBIDDEN });
          await expect(
            client.query(
              `insert into ${table} (id, queue, job_id, name, data) overriding system value values (1, '${queue}', 'h', 'x', '{}')`,
            ),
          ).rejects.toMatchObject({ code: FORBIDDEN });
          await expect(put(client, ', priority', ', -1')).rejects.toMatchObject({ code: '23514' });
          const large = `insert into ${table} (queue, job_id, name, data) values ('${queue}', 'h', 'x', repeat('x', 5000000))`;
          await expect(client.query(large)).rejects.toMatchObject({ code: FORBIDDEN });
          await put(client, ', due_at', `, 'infinity'`);
          await put(client, '', '');
          for (const column of ['queue', 'job_id', 'data', 'priority', 'id'])
            await expect(client.query(`update ${table} set ${column} = default`)).rejects.toMatchObject({
              code: FORBIDDEN,
            });
        });
        const taken: unknown[] = [];
        const worker = hub.backend.openWorker(queue, async ({ name }) => void taken.push(name), SETTINGS);
        await worker.waitUntilReady();
        void worker.run();
        await expect.poll(() => taken).toEqual(['x']);
        await worker.close();
      } finally {
        await hub.close();
        await database.owner.query(`delete from ${table} where queue = $1`, [queue]);
      }
    },
  );

  test('what a worker does to the messages of its own queue keeps nobody from taking or counting them', async () => {
    const queue = 'worker-of-a-user';
    const open = (as: Login) =>
      openMessaging({ backend: 'postgres', url: database.urlFor(as), via: 'own-door' }, { name: `own-rows-${as}` });
    const [hub, theirs] = [await open(HUB), await open('worker')];
    try {
      await hub.publish(queue, [{ jobId: 't-1', name: 'task', data: { n: 1 } }]);
      await database.as('worker', (client) =>
        client.query(
          `update bullmq.baton_passing set due_at = '-infinity', deliveries = 2147483647, stalls = 2147483647, failures = 2147483647,
                  holder = gen_random_uuid() where queue = $1`,
          [queue],
        ),
      );
      await database.as('worker', (client) =>
        client.query('insert into bullmq.baton_done (queue, count) select $1, 2147483647 from generate_series(1, 3)', [
          queue,
        ]),
      );
      expect(await hub.flow(queue)).toEqual({ oldestMs: 365 * 86_400_000, doneLastMinute: 2147483647 });
      const taken: unknown[] = [];
      const worker = theirs.backend.openWorker(queue, async ({ id }) => void taken.push(id), SETTINGS);
      await worker.waitUntilReady();
      void worker.run();
      await expect.poll(() => taken).toEqual(['t-1']);
      await worker.close();
    } finally {
      await theirs.close();
      await hub.close();
    }
  });
});

test.each([
  ['the own door', { via: 'own-door' }],
  ["BullMQ's", {}],
] as const)('through %s a worker puts back under its own login what it takes out of a bundle', async (_, door) => {
  const queue = 'worker-that-takes-apart';
  const open = (as: Login) =>
    openMessaging({ backend: 'postgres', url: database.urlFor(as), ...door }, { name: `apart-${as}` });
  const [hub, theirs] = [await open(HUB), await open('worker')];
  const seen: number[] = [];
  const consumer = consume(theirs, {
    queue,
    messages: { task: z.object({ n: z.number() }) },
    concurrency: 1,
    retry: { backoffMs: 10 },
    deadLetter: async ({ reason }) => Promise.reject(new Error(reason)),
    handle: async ({ data: { n } }) => {
      seen.push(n);
      if (n > 1 && seen.filter((each) => each === n).length < 3) throw new Error('not today');
    },
  });
  try {
    const tasks = [1, 2, 3].map((n) => ({ jobId: `apart-${n}-${randomUUID()}`, name: 'task', data: { n } }));
    await hub.publish(queue, [bundleOf(`b-${randomUUID()}`, tasks)]);
    await expect.poll(() => seen.toSorted(), { timeout: 15_000 }).toEqual([1, 2, 2, 2, 3, 3, 3]);
    await expect.poll(() => hub.counts(queue)).toMatchObject({ waiting: 0, active: 0, delayed: 0 });
  } finally {
    await consumer.stop(1_000);
    await theirs.close();
    await hub.close();
  }
});
