import { producerLogin, REDIS_PREFIX } from '@baton/contracts';
import { noRedisHere, redisProcesses, startCluster } from '@baton/servers/testing';
import { Queue } from 'bullmq';
import { Cluster } from 'ioredis';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { provideRedisProducers, queueEpoch, redisPasswordSha256 } from './index.js';
import { openMessaging, prepareQueues } from './messaging.js';
import { carry } from './testing/carried.js';
import { eventually } from './testing/recorder.js';

const FAILOVER_MS = 45_000;

describe.skipIf(noRedisHere !== null)(
  `a Redis Cluster${noRedisHere === null ? '' : ` (skipped: ${noRedisHere})`}`,
  () => {
    const processes = redisProcesses();
    afterAll(() => processes.stop());

    test('has each queue in one slot, and goes on when a primary of it is killed', async () => {
      const nodes = await startCluster(processes);
      const url = `redis+cluster://${nodes
        .slice(1, 3)
        .map(({ port }) => `127.0.0.1:${port}`)
        .join(',')}`;
      const config = { backend: 'redis', url } as const;
      await prepareQueues(config);
      const messaging = await openMessaging(config, { name: 'cluster' });
      onTestFinished(() => messaging.close());
      const queues = ['intake', 'results-0', 'results-lane-3', 'worker-a', 'worker-b'];
      const carried = await Promise.all(queues.map((queue) => carry(messaging, queue)));
      await Promise.all(carried.map((each) => each.send(10)));
      for (const { got } of carried) await eventually(() => expect(got.size).toBe(10));
      for (const queue of queues) expect(await messaging.counts(queue)).toMatchObject({ waiting: 0, active: 0 });
      const epoch = queueEpoch(messaging);
      await epoch.beginRebuild('one');
      expect(await epoch.finishRebuild('one')).toBe(true);

      // A producer with a login of its own uses BullMQ as it is, with the queue's name in braces.
      await provideRedisProducers(url, [{ name: 'shop', sha256: redisPasswordSha256('a-password') }]);
      const theirs = new Cluster([{ host: '127.0.0.1', port: nodes[1]?.port ?? 0 }], {
        redisOptions: { username: producerLogin('shop'), password: 'a-password', maxRetriesPerRequest: 1 },
      });
      theirs.on('error', () => {});
      const queue = new Queue('{intake}', { connection: theirs, prefix: REDIS_PREFIX });
      await queue.add('task', { n: 1_000 }, { jobId: 'shop-1' });
      await queue.close();
      theirs.disconnect();
      await eventually(() => expect(carried[0]?.got).toContain(1_000));

      const { port, kill, ask } = nodes[0] ?? expect.fail('there are six nodes');
      await ask((redis) => redis.call('wait', '1', '10000'));
      await kill();
      // Each message again until it is taken: its job id makes that harmless.
      await eventually(() => Promise.all(carried.map((each) => each.send(10))), FAILOVER_MS);
      for (const { got, sent } of carried) {
        await eventually(() => expect(got.size).toBeGreaterThanOrEqual(20), FAILOVER_MS);
        // And the one of the producer.
        expect(got.size).toBeLessThanOrEqual(sent() + 1);
      }
      const seen = String(await nodes[1]?.ask((redis) => redis.call('cluster', 'nodes')));
      expect(seen.split('\n').find((line) => line.includes(`:${port}@`))).toMatch(/fail/);
    }, 120_000);
  },
);
