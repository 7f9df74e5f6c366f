import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { queueEpoch } from '../epoch.js';
import { openMessaging, prepareQueues } from '../messaging.js';
import { consumeInTest, openInTest } from '../testing/in-test.js';
import { canStartRedis, createPrivateRedis } from '../testing/private-redis.js';
import { deadLetters, eventually, quickTiming } from '../testing/recorder.js';
import { administer, backends } from '../testing/test-servers.js';

describe('opening the queues', () => {
  it.each([
    { backend: 'redis', url: 'redis://user:s3cret@127.0.0.1:1/0' },
    { backend: 'postgres', url: 'postgres://user:s3cret@127.0.0.1:1/baton' },
  ] as const)(
    'fails within seconds when $backend does not answer, and does not show the password',
    { retry: 2 },
    async (config) => {
      const startedAt = performance.now();
      const errors = await Promise.all(
        [openMessaging(config, { name: 'nobody' }), prepareQueues(config)].map((opening) => opening.catch((e) => e)),
      );
      expect(performance.now() - startedAt).toBeLessThan(3_000);
      for (const error of errors) {
        expect(error).toMatchObject({ code: 'queue-unreachable', message: expect.stringContaining('127.0.0.1:1') });
        // Who opens is let go: it would be no help to promise that it goes on.
        expect(error.next).toMatch(/(REDIS|DATABASE)_URL is right, and try again/);
        expect(JSON.stringify([error.message, error.next, String(error.cause)])).not.toContain('s3cret');
      }
    },
  );

  it('tells a wrong password from a server that is away, and does not show it', async () => {
    const url = new URL(inject('postgresUrl'));
    url.password = 's3cret';
    const error = await prepareQueues({ backend: 'postgres', url: url.href }).catch((e) => e);
    expect(error).toMatchObject({ code: 'queue-refused', message: expect.stringContaining('password') });
    expect(error.message).not.toContain('s3cret');
  });

  it.skipIf(!canStartRedis)('tells a missing password of Redis from a server that is away', async () => {
    const redis = await createPrivateRedis(['--requirepass', 's3cret']);
    try {
      const refusal = { code: 'queue-refused', message: expect.not.stringContaining('s3cret') };
      await expect(prepareQueues({ backend: 'redis', url: redis.url })).rejects.toMatchObject(refusal);
      const wrong = redis.url.replace('redis://', 'redis://:s3cret-not@');
      await expect(prepareQueues({ backend: 'redis', url: wrong })).rejects.toMatchObject(refusal);
      await prepareQueues({ backend: 'redis', url: redis.url.replace('redis://', 'redis://:s3cret@') });
    } finally {
      await redis.remove();
    }
  });

  it.skipIf(!canStartRedis)('refuses a Redis that may evict keys, and says how to set it', async () => {
    const redis = await createPrivateRedis(['--maxmemory-policy', 'allkeys-lru']);
    try {
      const config = { backend: 'redis', url: redis.url } as const;
      const refusal = { code: 'redis-evicting-policy', next: expect.stringContaining('maxmemory-policy noeviction') };
      await expect(prepareQueues(config)).rejects.toMatchObject(refusal);
      await expect(openMessaging(config, { name: 'evicted' })).rejects.toMatchObject(refusal);
    } finally {
      await redis.remove();
    }
  });

  it('asks to prepare a Postgres that has no queues, and many processes may prepare it at once', async () => {
    const name = `messaging_${randomUUID().replaceAll('-', '')}`;
    await administer(inject('postgresUrl'), `create database ${name}`);
    const url = new URL(inject('postgresUrl'));
    url.pathname = `/${name}`;
    // What an operator may have in a URL must not reach BullMQ's own search path.
    url.searchParams.set('options', '-c search_path=public');
    const config = { backend: 'postgres', url: url.href } as const;
    try {
      const refusal = { code: 'queues-not-prepared', next: expect.stringContaining('Run the migrations first') };
      await expect(openMessaging(config, { name: 'early' })).rejects.toMatchObject(refusal);
      await Promise.all(Array.from({ length: 5 }, () => prepareQueues(config)));
      const messaging = await openMessaging(config, { name: 'later' });
      await messaging.publish('worker-a', [{ jobId: 'j-1', name: 'task', data: {} }]);
      expect(await messaging.jobState('worker-a', 'j-1')).toBe('waiting');
      await messaging.close();

      // As an older Baton left them.
      for (const table of ['baton_lasting', 'baton_passing']) {
        await administer(url.href, `drop table bullmq.${table}`);
        await expect(openMessaging(config, { name: 'older' })).rejects.toMatchObject(refusal);
        await prepareQueues(config);
      }
    } finally {
      await administer(inject('postgresUrl'), `drop database ${name} with (force)`);
    }
  });
});

describe.each(backends)('the epoch on $name', ({ isAvailable, open }) => {
  it.skipIf(!isAvailable)('is set to ready only by the rebuild that began last', async () => {
    const { messaging } = await openInTest(open, 'epoch');
    const epoch = queueEpoch(messaging);
    expect(await epoch.read()).toBeNull();
    expect(await epoch.finishRebuild('a')).toBe(false);
    await epoch.beginRebuild('a');
    await epoch.beginRebuild('b');
    expect(await epoch.read()).toBe('rebuilding:b');
    expect(await epoch.finishRebuild('a')).toBe(false);
    const finished = await Promise.all([epoch.finishRebuild('b'), epoch.finishRebuild('b')]);
    expect(finished.toSorted()).toEqual([false, true]);
    expect(await epoch.read()).toBe('ready');
  });

  it.skipIf(!isAvailable)('is gone with what was sent, and no rebuild from before brings it back', async () => {
    const { server, messaging } = await openInTest(open, 'lost-epoch');
    const epoch = queueEpoch(messaging);
    await epoch.beginRebuild('a');
    await server.lose();
    expect(await epoch.read()).toBeNull();
    expect(await epoch.finishRebuild('a')).toBe(false);
    expect(await epoch.read()).toBeNull();

    await epoch.beginRebuild('b');
    expect(await epoch.finishRebuild('b')).toBe(true);
    await server.lose();
    for (const id of ['a', 'b']) expect(await epoch.finishRebuild(id)).toBe(false);
    expect(await epoch.read()).toBeNull();
  });
});

describe.each(backends)('a process on $name', ({ name, isAvailable, open }) => {
  it.skipIf(!isAvailable)('needs few connections, and closes them all', async () => {
    const { server, messaging } = await openInTest(open, 'frugal');
    const count = async (): Promise<number> => {
      if (name.startsWith('postgres')) {
        const rows = await administer(
          inject('postgresUrl'),
          "select 1 from pg_stat_activity where datname = $1 and backend_type = 'client backend'",
          [new URL(server.config.url).pathname.slice(1)],
        );
        return rows.length;
      }
      const database = new URL(server.config.url).pathname.slice(1);
      const client = new Redis(server.config.url);
      const clients = String(await client.client('LIST'));
      client.disconnect();
      return clients.split('\n').filter((line) => line.includes(` db=${database} `)).length - 1;
    };
    const queues = ['worker-a', 'worker-b', 'worker-c'];
    const consumers = queues.map((queue) =>
      consumeInTest(messaging, {
        queue,
        messages: { task: z.unknown() },
        concurrency: 50,
        deadLetter: deadLetters().record,
        handle: async () => {},
      }),
    );
    const jobs = Array.from({ length: 300 }, (_, n) => ({ jobId: `j-${n}`, name: 'task', data: {} }));
    await Promise.all(queues.map((queue) => messaging.publish(queue, jobs)));
    await Promise.all(consumers.map((consumer) => consumer.whenReady()));
    // Postgres: six for commands, one for each consumer to listen and one for all. Redis: one, one to listen, and two for each consumer.
    expect(await count()).toBeLessThanOrEqual(name.startsWith('redis') ? 2 + 2 * 3 : 6 + 3 + 1);
    await Promise.all(consumers.map((consumer) => consumer.stop(5_000)));
    await messaging.close();
    await eventually(async () => expect(await count()).toBe(0));
  });
});

describe.each(backends.filter(({ isAvailable }) => isAvailable))('a consumer on $name', ({ open }) => {
  it('that cannot be opened is tried again, tells its trouble, and takes messages in the end', async () => {
    const { messaging } = await openInTest(open, 'opening');
    let throws = 3;
    const openWorker: typeof messaging.backend.openWorker = (...args) => {
      throws -= 1;
      if (throws >= 0) throw new Error('no worker can be made');
      return messaging.backend.openWorker(...args);
    };
    const got: number[] = [];
    const consumer = consumeInTest(
      { ...messaging, backend: { ...messaging.backend, openWorker } },
      {
        queue: 'worker-opening',
        messages: { task: z.object({ n: z.number() }) },
        concurrency: 1,
        deadLetter: deadLetters().record,
        timing: quickTiming,
        handle: async ({ data }) => void got.push(data.n),
      },
    );
    expect(consumer.trouble).toMatchObject({ message: 'no worker can be made' });
    await messaging.publish('worker-opening', [{ jobId: 'j-1', name: 'task', data: { n: 1 } }]);
    await eventually(() => expect(got).toEqual([1]));
    expect(consumer.trouble).toBeNull();
  });

  it('whose stuck worker cannot be replaced at first is not dead for good', async () => {
    const { messaging } = await openInTest(open, 'replacing');
    let opened = 0;
    /** The first never fetches, the second cannot be made, the third is well. */
    const openWorker: typeof messaging.backend.openWorker = (...args) => {
      opened += 1;
      if (opened === 2) throw new Error('no worker can be made');
      const worker = messaging.backend.openWorker(...args);
      return opened === 1
        ? Object.assign(worker, { run: async () => {}, close: () => Promise.reject(new Error('cannot be closed')) })
        : worker;
    };
    const got: number[] = [];
    const consumer = consumeInTest(
      { ...messaging, backend: { ...messaging.backend, openWorker } },
      {
        queue: 'worker-replacing',
        messages: { task: z.object({ n: z.number() }) },
        concurrency: 1,
        deadLetter: deadLetters().record,
        timing: quickTiming,
        handle: async ({ data }) => void got.push(data.n),
      },
    );
    await consumer.whenReady();
    await messaging.publish('worker-replacing', [{ jobId: 'j-1', name: 'task', data: { n: 1 } }]);
    await eventually(() => expect(got).toEqual([1]));
  });
});
