import { noRedisHere, redisProcesses, startSentinels } from '@baton/servers/testing';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { queueEpoch } from './index.js';
import { openMessaging, prepareQueues } from './messaging.js';
import { carry } from './testing/carried.js';
import { eventually } from './testing/recorder.js';

/** A sentinel that gives up a server waits for the others, and clients look for the new one more and more rarely. */
const FAILOVER_MS = 45_000;

describe.skipIf(noRedisHere !== null)(
  `a Redis behind sentinels${noRedisHere === null ? '' : ` (skipped: ${noRedisHere})`}`,
  () => {
    const processes = redisProcesses();
    afterAll(() => processes.stop());

    test('is followed to its new primary when the old one is killed, and what is sent again comes', async () => {
      const { primary, replica, sentinels } = await startSentinels(processes);
      const hosts = sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',');
      const config = { backend: 'redis', url: `redis+sentinel://${hosts}/mymaster` } as const;
      await prepareQueues(config);
      const messaging = await openMessaging(config, { name: 'sentinels' });
      onTestFinished(() => messaging.close());
      const carried = await carry(messaging, 'worker-watched');
      await carried.send(10);
      await eventually(() => expect(carried.got.size).toBe(10));
      await queueEpoch(messaging).beginRebuild('before');
      // What the primary acknowledged and had not yet handed on would be lost with it.
      await primary.ask((redis) => redis.call('wait', '1', '10000'));

      await primary.kill();
      const refusal = await messaging
        .publish('worker-watched', [{ jobId: 'x', name: 'task', data: { n: 0 } }])
        .catch((e: unknown) => e);
      expect(refusal).toMatchObject({ code: 'queue-unreachable', retryAfterMs: expect.any(Number) });

      await eventually(() => carried.send(10), FAILOVER_MS);
      await eventually(() => expect(carried.got.size).toBeGreaterThanOrEqual(20), FAILOVER_MS);
      expect(await replica.ask((redis) => redis.info('replication'))).toContain('role:master');
      expect(await queueEpoch(messaging).read()).toBe('rebuilding:before');
    }, 120_000);

    test('is refused in one sentence where the sentinels do not know the name', async () => {
      const lonely = await processes.start([], { isSentinel: true });
      const failure = await prepareQueues({
        backend: 'redis',
        url: `redis+sentinel://127.0.0.1:${lonely.port}/nobody`,
      }).catch((thrown: unknown) => thrown);
      expect(failure).toMatchObject({ code: 'queue-unreachable', next: expect.stringContaining('REDIS_URL') });
    });
  },
);
