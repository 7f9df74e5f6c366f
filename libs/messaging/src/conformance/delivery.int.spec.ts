import { INTAKE_QUEUE, intakeMessages, POSTGRES_QUEUE_SCHEMA, REDIS_PREFIX, type SubmitRun } from '@baton/contracts';
import { createPostgresBackend, Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { MessagingConfig } from '../config.js';
import type { Consumer } from '../consumer.js';
import { type Messaging, type OutgoingJob, openMessaging } from '../messaging.js';
import { consumeInTest } from '../testing/in-test.js';
import { deadLetters, eventually, quickTiming } from '../testing/recorder.js';
import { backends, type TestServer } from '../testing/test-servers.js';

const messages = { task: z.object({ n: z.number(), unit: z.string().default('ms') }) };
const job = (jobId: string, n: number, options: Partial<OutgoingJob> = {}): OutgoingJob => ({
  jobId,
  name: 'task',
  data: { n },
  ...options,
});

describe.each(backends)('queues on $name', ({ done, remembered, isAvailable, open }) => {
  describe.skipIf(!isAvailable)('deliver', () => {
    let server: TestServer;
    let messaging: Messaging;
    let queueNumber = 0;
    const newQueue = (): string => `worker-delivery-${queueNumber++}`;

    beforeAll(async () => {
      server = await open();
      messaging = await openMessaging(server.config, { name: 'delivery-test' });
    });
    afterAll(async () => {
      await messaging?.close();
      await server?.drop();
    });

    /** Collects what a queue delivers until the test is over. */
    async function collecting<T>(
      queue: string,
      test: (got: number[], consumer: Consumer<typeof messages>) => Promise<T>,
    ) {
      const got: number[] = [];
      const consumer = consumeInTest(messaging, {
        queue,
        messages,
        concurrency: 1,
        deadLetter: deadLetters().record,
        timing: quickTiming,
        handle: async (delivery) => {
          got.push(delivery.data.n);
        },
      });
      try {
        return await test(got, consumer);
      } finally {
        await consumer.stop(5_000);
      }
    }

    it('hands over the data as the schema read it, with the job id, the first attempt and a live signal', async () => {
      const queue = newQueue();
      const delivered = Promise.withResolvers<unknown>();
      const consumer = consumeInTest(messaging, {
        queue,
        messages,
        concurrency: 1,
        deadLetter: deadLetters().record,
        handle: async ({ signal, waitedMs = 0, ...delivery }) =>
          delivered.resolve({ ...delivery, isAborted: signal.aborted, hasWaited: waitedMs >= 0 && waitedMs < 60_000 }),
      });
      await messaging.publish(queue, [{ jobId: 'j-1', name: 'task', data: { n: 1, stranger: true } }]);
      expect(await delivered.promise).toEqual({
        name: 'task',
        data: { n: 1, unit: 'ms' },
        jobId: 'j-1',
        attempt: 1,
        stalls: 0,
        isAborted: false,
        hasWaited: true,
      });
      await consumer.stop(5_000);
    });

    it('delivers every message of a bulk that is larger than a chunk, once and in order', async () => {
      const queue = newQueue();
      const numbers = Array.from({ length: 1_201 }, (_, n) => n);
      await messaging.publish(
        queue,
        numbers.map((n) => job(`j-${n}`, n)),
      );
      expect(await messaging.counts(queue)).toMatchObject({ waiting: 1_201 });
      await collecting(queue, async (got) => {
        await eventually(() => expect(got.length).toBe(1_201), 20_000);
        expect(got).toEqual(numbers);
      });
      expect(await messaging.counts(queue)).toEqual({
        waiting: 0,
        active: 0,
        delayed: 0,
        completed: remembered(1_201),
        failed: 0,
      });
    });

    it('takes a job id once: in one bulk, in a later one, and after the job is done where it is remembered', async () => {
      const queue = newQueue();
      await messaging.publish(queue, [job('same', 1), job('same', 2), job('other', 3)]);
      await messaging.publish(queue, [job('same', 4)]);
      await collecting(queue, async (got) => {
        await eventually(async () => expect(await messaging.jobState(queue, 'same')).toBe(done));
        if (remembered(1) > 0) await messaging.publish(queue, [job('same', 5), job('same', 6)]);
        await messaging.publish(queue, [job('last', 7)]);
        await eventually(() => expect(got).toContain(7));
        expect(got).toEqual([1, 3, 7]);
      });
    });

    it('delivers nothing before its delay is over', { retry: 2 }, async () => {
      const queue = newQueue();
      await collecting(queue, async (got, consumer) => {
        await consumer.whenReady();
        const began = performance.now();
        await messaging.publish(queue, [job('late', 2, { delayMs: 700 }), job('now', 1)]);
        expect(await messaging.jobState(queue, 'late')).toBe('delayed');
        await eventually(() => expect(got).toEqual([1, 2]), 2_000);
        expect(performance.now() - began).toBeGreaterThanOrEqual(690);
      });
    });

    it('delivers the most urgent first, and the older first among the equally urgent', async () => {
      const queue = newQueue();
      await messaging.publish(queue, [
        job('c', 30, { priority: 3 }),
        job('b1', 10, { priority: 1 }),
        job('a', 0, { priority: 0 }),
        job('b2', 11, { priority: 1 }),
        job('d', 20, { priority: 2 }),
      ]);
      expect(await messaging.jobState(queue, 'c')).toBe('waiting');
      await collecting(queue, async (got) => {
        await eventually(() => expect(got.length).toBe(5));
        expect(got).toEqual([0, 10, 11, 20, 30]);
      });
    });

    it('takes back what stands behind the own door and nobody has in work, and nothing else', async () => {
      const queue = newQueue();
      const released = Promise.withResolvers<void>();
      const got: number[] = [];
      const consumer = consumeInTest(messaging, {
        queue,
        messages,
        concurrency: 1,
        deadLetter: deadLetters().record,
        handle: async ({ data }) => {
          got.push(data.n);
          await released.promise;
        },
      });
      const via = { via: 'own-door' } as const;
      await messaging.publish(queue, [job('in-work', 1)], via);
      await eventually(() => expect(got).toEqual([1]));
      await messaging.publish(queue, [job('waits', 2), job('late', 3, { delayMs: 60_000 }), job('stays', 4)], via);
      const asked = ['in-work', 'waits', 'late', 'nobody'];
      expect(await messaging.withdraw(queue, asked)).toEqual(new Set(['waits', 'late']));
      expect(await messaging.withdraw(queue, asked)).toEqual(new Set());
      await messaging.publish(queue, [job('waits', 5)]);
      released.resolve();
      await eventually(() => expect(got.toSorted()).toEqual([1, 4, 5]));
      await consumer.stop(5_000);
    });

    it('knows nothing of a job that was never sent', async () => {
      expect(await messaging.jobState(newQueue(), 'nobody')).toBe('unknown');
    });

    it('tells the states of many jobs in one answer as it tells those of each', async () => {
      const queue = newQueue();
      const states = async (jobIds: readonly string[]) => {
        const each = await Promise.all(jobIds.map(async (id) => [id, await messaging.jobState(queue, id)] as const));
        expect(await messaging.jobStates(queue, jobIds)).toEqual(new Map(each));
        return Object.fromEntries(each);
      };
      await messaging.publish(queue, [job('a-done', 0)]);
      const released = Promise.withResolvers<void>();
      const consumer = consumeInTest(messaging, {
        queue,
        messages,
        concurrency: 1,
        deadLetter: deadLetters().record,
        timing: quickTiming,
        handle: ({ data }) => (data.n === 1 ? released.promise : Promise.resolve()),
      });
      try {
        await eventually(async () => expect(await messaging.jobState(queue, 'a-done')).toBe(done));
        await messaging.publish(queue, [job('a-active', 1)]);
        await eventually(async () => expect(await messaging.jobState(queue, 'a-active')).toBe('active'));
        await messaging.publish(queue, [
          job('a-waiting', 2),
          job('a-urgent', 3, { priority: 1 }),
          job('a-late', 4, { delayMs: 60_000 }),
        ]);
        expect(
          await states(['a-done', 'a-active', 'a-waiting', 'a-urgent', 'a-late', 'a-nobody', 'a-waiting']),
        ).toEqual({
          'a-done': done,
          'a-active': 'active',
          'a-waiting': 'waiting',
          'a-urgent': 'waiting',
          'a-late': 'delayed',
          'a-nobody': 'unknown',
        });
        expect(await messaging.jobStates(queue, [])).toEqual(new Map());
        const paused = await messaging.queue(queue);
        if ('pause' in paused && typeof paused.pause === 'function') await paused.pause();
        expect(await states(['a-waiting', 'a-urgent'])).toEqual({ 'a-waiting': 'waiting', 'a-urgent': 'waiting' });
      } finally {
        released.resolve();
        await consumer.stop(5_000);
      }
    });

    it('tells the states of more jobs than go into one request', async () => {
      const queue = newQueue();
      const jobIds = Array.from({ length: 12_500 }, (_, n) => `m-${n}`);
      await messaging.publish(
        queue,
        jobIds.filter((_, n) => n % 2 === 0).map((id) => job(id, 0)),
      );
      const states = await messaging.jobStates(queue, jobIds);
      expect(jobIds.map((id) => states.get(id))).toEqual(jobIds.map((_, n) => (n % 2 === 0 ? 'waiting' : 'unknown')));
    });

    it('refuses a message above the size limit before it sends any', async () => {
      const queue = newQueue();
      const large = { ...job('large', 1), data: { text: 'x'.repeat(70_000) } };
      await expect(messaging.publish(queue, [job('small', 1), large])).rejects.toMatchObject({
        code: 'message-too-large',
      });
      expect(await messaging.counts(queue)).toMatchObject({ waiting: 0 });
    });

    it('takes a submission from a producer that knows only BullMQ, the queue and the prefix', async () => {
      const submission: SubmitRun = { requestId: 'req-1', workflow: 'seven-step', input: { requirements: 'a table' } };
      const delivered = Promise.withResolvers<SubmitRun>();
      const consumer = consumeInTest(messaging, {
        queue: INTAKE_QUEUE,
        messages: intakeMessages,
        concurrency: 1,
        deadLetter: deadLetters().record,
        timing: quickTiming,
        retry: { backoffMs: 10 },
        handle: async (delivery) => {
          // This producer asked for no retries; a failure must not lose its message all the same.
          if (delivery.attempt === 1) throw new Error('not today');
          if (delivery.name === 'submit') delivered.resolve(delivery.data);
        },
      });
      await submitRaw(server.config, submission);
      expect(await delivered.promise).toEqual(submission);
      await consumer.stop(5_000);
    });
  });
});

/** What a user's own producer does, without anything of Baton's. */
async function submitRaw(config: MessagingConfig, submission: SubmitRun): Promise<void> {
  if (config.backend === 'redis') {
    const connection = new Redis(config.url, { maxRetriesPerRequest: null });
    const queue = new Queue(INTAKE_QUEUE, { connection, prefix: REDIS_PREFIX });
    await queue.add('submit', submission);
    await queue.close();
    connection.disconnect();
    return;
  }
  const connection = { connectionString: config.url, schema: POSTGRES_QUEUE_SCHEMA };
  const queue = new Queue(INTAKE_QUEUE, { connection }, createPostgresBackend);
  await queue.add('submit', submission);
  await queue.close();
}
