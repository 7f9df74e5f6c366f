import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import type { JobWorker } from '../backend/backend.js';
import { queueEpoch } from '../epoch.js';
import type { Messaging } from '../messaging.js';
import { consumeInTest, openInTest } from '../testing/in-test.js';
import { canStartRedis, createPrivateRedis, type PrivateRedis } from '../testing/private-redis.js';
import { deadLetters, eventually, quickTiming } from '../testing/recorder.js';
import { administer, backends, type TestBackend } from '../testing/test-servers.js';

const messages = { task: z.object({ n: z.number() }) };
const QUEUE = 'worker-restart';

const startCollecting = (messaging: Messaging) => {
  const got: number[] = [];
  const consumer = consumeInTest(messaging, {
    queue: QUEUE,
    messages,
    concurrency: 2,
    deadLetter: deadLetters().record,
    timing: quickTiming,
    handle: async ({ data }) => {
      got.push(data.n);
    },
  });
  return { got, consumer };
};
const send = (messaging: Messaging, n: number) =>
  messaging.publish(QUEUE, [{ jobId: `j-${n}`, name: 'task', data: { n } }]);

const given =
  ({ url }: PrivateRedis): TestBackend['open'] =>
  async () => ({ config: { backend: 'redis', url }, lose: async () => {}, drop: async () => {} });

describe('a consumer', () => {
  it.skipIf(!canStartRedis)('works again after its Redis was killed and started again', async () => {
    const redis = await createPrivateRedis();
    onTestFinished(() => redis.remove());
    const { messaging } = await openInTest(given(redis), 'restart');
    const { got } = startCollecting(messaging);
    await send(messaging, 1);
    await eventually(() => expect(got).toEqual([1]));
    await redis.kill();
    await sleep(1_500);
    await redis.start();
    await eventually(() => send(messaging, 2));
    await eventually(() => expect(got).toEqual([1, 2]));
  });

  it.skipIf(!canStartRedis)('goes on with a Redis that lost everything, and the epoch tells of it', async () => {
    const redis = await createPrivateRedis();
    onTestFinished(() => redis.remove());
    const { messaging } = await openInTest(given(redis), 'wiped');
    const epoch = queueEpoch(messaging);
    await epoch.beginRebuild('a');
    expect(await epoch.finishRebuild('a')).toBe(true);
    const { got } = startCollecting(messaging);
    await send(messaging, 1);
    await eventually(() => expect(got).toEqual([1]));
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
    expect(await epoch.read()).toBeNull();
    await send(messaging, 1);
    await eventually(() => expect(got).toEqual([1, 1]));
  });

  it('works again after Postgres ended every session of it, several times', async () => {
    const [postgres] = backends;
    if (postgres === undefined) throw new Error('no postgres');
    const { server, messaging } = await openInTest(postgres.open, 'restart');
    const { got } = startCollecting(messaging);
    for (let n = 1; n <= 3; n += 1) {
      await eventually(() => send(messaging, n));
      await eventually(() => expect(got).toContain(n));
      const ended = await administer(
        inject('postgresUrl'),
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
        [new URL(server.config.url).pathname.slice(1)],
      );
      expect(ended.length).toBeGreaterThan(1);
    }
    await eventually(() => send(messaging, 4));
    await eventually(() => expect(got).toContain(4));
  });
});

describe.each(backends)('the watchdog on $name', ({ isAvailable, open }) => {
  it.skipIf(!isAvailable)('replaces a worker that takes no messages although some wait', async () => {
    const { messaging } = await openInTest(open, 'watchdog');
    // The first worker is a real one that never begins to fetch: what a lost connection has done to BullMQ before.
    let opened = 0;
    const openWorker: Messaging['backend']['openWorker'] = (...args) => {
      const worker = messaging.backend.openWorker(...args);
      opened += 1;
      return opened > 1 ? worker : neverRunning(worker);
    };
    const { got, consumer } = startCollecting({ ...messaging, backend: { ...messaging.backend, openWorker } });
    await consumer.whenReady();
    await send(messaging, 1);
    await eventually(() => expect(got).toEqual([1]), 4 * quickTiming.watchdogMs);
    expect(opened).toBe(2);
    await sleep(1.5 * quickTiming.watchdogMs);
    expect(opened).toBe(2);
  });
});

function neverRunning(worker: JobWorker): JobWorker {
  worker.run = async () => {};
  return worker;
}
