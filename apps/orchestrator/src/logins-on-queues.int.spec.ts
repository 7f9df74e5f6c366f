import { randomUUID } from 'node:crypto';
import {
  SERVICE_WORKERS as AGENTS,
  INTAKE_QUEUE,
  kindsOf,
  resultsQueue,
  SHIPPED_KINDS,
  workerQueue,
} from '@baton/contracts';
import { migrate, provideLogins } from '@baton/event-store';
import { openMessaging, prepareQueues } from '@baton/messaging';
import { createPostgresBackend, Queue } from 'bullmq';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import {
  createDatabaseWithLogins,
  type DatabaseWithLogins,
  FORBIDDEN,
  PASSWORDS,
  SETS,
} from './testing/database-with-logins.js';

const HUB = 'orchestrator';
const WORKERS = [...AGENTS, 'worker'] as const;

let database: DatabaseWithLogins;
beforeAll(async () => {
  database = await createDatabaseWithLogins(inject('postgresUrl'));
});
afterAll(() => database?.drop());

describe('the queues on Postgres', () => {
  const others = (login: (typeof WORKERS)[number]) =>
    SHIPPED_KINDS.filter((kind) => login === 'worker' || !kindsOf(login).includes(kind))
      .map(workerQueue)
      .concat(login === 'worker' ? [] : ['worker-of-a-user']);

  test.each(WORKERS)('%s takes from no queue but its own, and reads, changes and clears no other', async (login) => {
    const queues = [...others(login), 'results-0', INTAKE_QUEUE];
    for (const queue of queues)
      await database.owner.query(
        `insert into bullmq.job (queue, id, seq, name, state, added_at_ms) values ($1, $2, 1, 'task', 'waiting', 0)`,
        [queue, `${login}-cannot`],
      );
    await database.as(login, async (client) => {
      await client.query('set search_path to bullmq');
      for (const queue of queues) {
        const count = async (sql: string) => (await client.query(sql, [queue])).rowCount;
        expect([queue, await count('select from job where queue = $1')]).toEqual([queue, 0]);
        expect([queue, await count(`update job set data = '{}' where queue = $1 returning 1`)]).toEqual([queue, 0]);
        expect([queue, await count('delete from job where queue = $1 returning 1')]).toEqual([queue, 0]);
        expect(
          (await client.query(`select * from move_to_active($1, 't', 1000, 0, 'w', null, null)`, [queue])).rows,
        ).toEqual([]);
        await expect(
          client.query(
            `insert into meta values ($1, 'paused', '1') on conflict (queue, field) do update set value = '1'`,
            [queue],
          ),
        ).rejects.toMatchObject({ code: FORBIDDEN });
        await expect(
          client.query(
            `insert into meta values ($1, 'opts.maxLenEvents', 'many') on conflict (queue, field) do update set value = 'many'`,
            [queue],
          ),
        ).rejects.toMatchObject({ code: FORBIDDEN });
      }
      for (const queue of others(login)) {
        await expect(
          client.query(`select add_job($1, 'x', 'task', '{}', '{}', 0, 0, 0, 1, null, null, null, null, null, false)`, [
            queue,
          ]),
        ).rejects.toMatchObject({ code: FORBIDDEN });
      }
      await expect(
        client.query(
          `insert into job (queue, id, seq, name, state, added_at_ms, baton_added_by) values ('results-0', 'y', 1, 'x', 'waiting', 0, 'baton_login_advisor2')`,
        ),
      ).rejects.toMatchObject({ code: FORBIDDEN });
    });
    await database.owner.query(`delete from bullmq.job where id = $1`, [`${login}-cannot`]);
  });

  test('the gateway adds to intake, counts everywhere, and adds nowhere else', async () => {
    const gateway = await openMessaging(
      { backend: 'postgres', url: database.urlFor('gateway') },
      { name: 'logins-gateway' },
    );
    try {
      await gateway.publish(INTAKE_QUEUE, [{ jobId: 'q-1', name: 'submit', data: { a: 1 } }]);
      expect((await gateway.counts(INTAKE_QUEUE)).waiting).toBeGreaterThan(0);
      expect(await gateway.counts('worker-planner')).toMatchObject({ active: 0 });
      await expect(gateway.publish('worker-planner', [{ jobId: 'c-1', name: 'task', data: {} }])).rejects.toMatchObject(
        { code: FORBIDDEN },
      );
    } finally {
      await gateway.close();
    }
  });

  test.each(['planner', 'worker'] as const)(
    'a hub sends tasks in bulk, and %s does them under its own login',
    async (login) => {
      const queue = login === 'worker' ? 'worker-text-statistics' : workerQueue(login);
      const runId = randomUUID();
      const hub = await openMessaging({ backend: 'postgres', url: database.urlFor(HUB) }, { name: 'logins-hub' });
      const theirs = await openMessaging(
        { backend: 'postgres', url: database.urlFor(login) },
        { name: 'logins-worker' },
      );
      const done: unknown[] = [];
      const worker = theirs.backend.openWorker(
        queue,
        async (job) => {
          done.push(job.id);
          for (const _ of [1, 2])
            await theirs.publish(resultsQueue(runId), [
              { jobId: `r-${login}-${job.id}`, name: 'succeeded', data: { n: 1 } },
            ]);
        },
        { concurrency: 2, lockDuration: 30_000, stalledInterval: 30_000, maxStalledCount: 1, runRetryDelay: 1_000 },
      );
      worker.on('error', () => {});
      try {
        await worker.waitUntilReady();
        void worker.run();
        const jobs = ['a', 'b', 'c'].map((id) => ({ jobId: `${login}-${id}`, name: 'task', data: { id } }));
        await hub.publish(queue, jobs);
        await expect.poll(() => done.length, { timeout: 15_000 }).toBe(3);
        await expect
          .poll(() =>
            hub
              .jobStates(
                resultsQueue(runId),
                jobs.map(({ jobId }) => `r-${login}-${jobId}`),
              )
              .then((states) => [...states.values()]),
          )
          .toEqual(['waiting', 'waiting', 'waiting']);
        await database.as(login, async (client) => {
          await client.query('set search_path to bullmq');
          const looked = await client.query('select * from move_stalled_jobs_to_wait($1, 1, $2, 1)', [
            queue,
            Date.now(),
          ]);
          expect(looked.rows).toEqual([]);
        });
        await expect.poll(() => hub.counts(queue)).toMatchObject({ completed: 3, waiting: 0, active: 0 });
      } finally {
        await worker.close();
        await theirs.close();
        await hub.close();
      }
    },
  );

  test('a producer of a user adds to intake with BullMQ alone, also without a job id and in bulk', async () => {
    const intake = new Queue(
      INTAKE_QUEUE,
      { connection: { connectionString: database.urlFor('worker') } },
      createPostgresBackend,
    );
    try {
      const job = await intake.add('submit', { requestId: 'order-7' });
      await intake.addBulk([
        { name: 'submit', data: { requestId: 'a' } },
        { name: 'submit', data: { requestId: 'b' } },
      ]);
      const { rows } = await database.owner.query(`select data from bullmq.job where queue = 'intake' and id = $1`, [
        job.id,
      ]);
      expect(rows).toEqual([{ data: { requestId: 'order-7' } }]);
    } finally {
      await intake.close();
    }
  });
});

test('to provide logins again, or with other PASSWORDS, and to prepare the queues again changes nothing else', async () => {
  await provideLogins(database.url, PASSWORDS);
  await migrate(database.url, SETS);
  await prepareQueues({ backend: 'postgres', url: database.url });
  await database.as('advisor', async (client) => {
    expect((await client.query('select current_user as me')).rows).toEqual([{ me: 'baton_login_advisor' }]);
  });
});

test('an owner who may make no roles is told so, and what to do', async () => {
  const name = `plain_${randomUUID().replaceAll('-', '')}`;
  await database.owner.query(`create role ${name} login password 'a-plain-password'`);
  try {
    const url = new URL(database.url);
    url.username = name;
    url.password = 'a-plain-password';
    await expect(provideLogins(url.href, { advisor: 'another-password' })).rejects.toMatchObject({
      code: 'database-forbidden',
      next: expect.stringContaining('baton_'),
    });
    // Where all is as it should be, nothing has to be made.
    await provideLogins(url.href, PASSWORDS);
  } finally {
    await database.owner.query(`drop role ${name}`);
  }
});
