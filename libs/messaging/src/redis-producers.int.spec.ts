import { INTAKE_QUEUE, producerLogin, REDIS_PREFIX } from '@baton/contracts';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLog } from './config.js';
import { openMessaging } from './messaging.js';
import { provideRedisProducers, redisPasswordSha256, restoreRedisProducers } from './redis-producers.js';
import { canStartRedis, createPrivateRedis, type PrivateRedis } from './testing/private-redis.js';

const PASSWORD = 'a-password-of-this-test';
const shop = { name: 'shop', sha256: redisPasswordSha256(PASSWORD) };

describe.runIf(canStartRedis)('a producer on Redis', () => {
  let server: PrivateRedis;
  let admin: Redis;
  let theirs: Redis;
  const queueOf = (url: string, name = INTAKE_QUEUE) =>
    new Queue(name, { connection: { url, maxRetriesPerRequest: 1 }, prefix: REDIS_PREFIX });
  const urlOf = (name = 'shop') => server.url.replace('//', `//${producerLogin(name)}:${PASSWORD}@`);

  beforeAll(async () => {
    server = await createPrivateRedis(['--maxmemory-policy', 'noeviction']);
    admin = new Redis(server.url);
    await provideRedisProducers(server.url, [shop]);
    theirs = new Redis(urlOf());
    const messaging = await openMessaging({ backend: 'redis', url: server.url }, { name: 'producers-test' });
    const others = queueOf(server.url);
    await others.add('submit', { secret: 'of another' }, { jobId: 'q-of-another' });
    await others.close();
    await messaging.publish(INTAKE_QUEUE, [{ jobId: 'own', name: 'submit', data: { n: 1 } }], { via: 'own-door' });
    await messaging.publish('worker-planner', [{ jobId: 'task', name: 'task', data: { n: 1 } }]);
    await messaging.close();
    await admin.set(`${REDIS_PREFIX}:epoch`, 'whole');
  });
  afterAll(async () => {
    theirs?.disconnect();
    admin?.disconnect();
    await server?.remove();
  });

  test('adds to intake with BullMQ, one by one and in bulk, and the same id once', async () => {
    const queue = queueOf(urlOf());
    queue.on('error', () => {});
    try {
      expect((await queue.add('submit', { n: 1 }, { jobId: 'shop-1' })).id).toBe('shop-1');
      expect((await queue.add('submit', { n: 2 }, { jobId: 'shop-1' })).id).toBe('shop-1');
      await queue.addBulk([2, 3].map((n) => ({ name: 'submit', data: { n }, opts: { jobId: `shop-${n}` } })));
      const all = queueOf(server.url);
      const waiting = (await all.getJobs(['wait'])).map(({ id, data }) => [id, data.n]);
      expect(waiting.filter(([id]) => id?.startsWith('shop-')).sort()).toEqual([
        ['shop-1', 1],
        ['shop-2', 2],
        ['shop-3', 3],
      ]);
      await all.close();
    } finally {
      await queue.close();
    }
  });

  test.each(['q-of-another', 'other-1', 'meta', 'wait'])(
    'cannot make, or change, a job that is not its own: %s',
    async (jobId) => {
      const queue = queueOf(urlOf());
      queue.on('error', () => {});
      await expect(queue.add('submit', { n: 9 }, { jobId })).rejects.toThrow(/access|NOPERM/);
      await queue.close();
    },
  );

  test('adds to no other queue', async () => {
    for (const name of ['worker-planner', 'results-0', 'results-lane-1', 'own:intake']) {
      const queue = queueOf(urlOf(), name.replace(':', '-'));
      queue.on('error', () => {});
      await expect(queue.add('task', {}, { jobId: 'shop-1' })).rejects.toThrow(/access|NOPERM/);
      await queue.close();
    }
  });

  const K = `${REDIS_PREFIX}:${INTAKE_QUEUE}`;
  test.each<[string, ...string[]]>([
    ['hgetall', `${K}:q-of-another`],
    ['hget', `${K}:q-of-another`, 'data'],
    ['hset', `${K}:q-of-another`, 'data', '{}'],
    ['hset', `${K}:meta`, 'paused', '1'],
    ['lrange', `${K}:wait`, '0', '-1'],
    ['lpop', `${K}:wait`],
    ['ltrim', `${K}:wait`, '1', '0'],
    ['del', `${K}:wait`],
    ['del', `${K}:shop-1`],
    ['set', `${K}:meta`, 'x'],
    ['xrange', `${K}:events`, '-', '+'],
    ['keys', '*'],
    ['scan', '0'],
    ['dbsize'],
    ['flushall'],
    ['flushdb'],
    ['config', 'get', '*'],
    ['acl', 'whoami'],
    ['acl', 'setuser', 'eve', 'on', '+@all'],
    ['client', 'list'],
    ['client', 'kill', 'type', 'normal'],
    ['monitor'],
    ['shutdown'],
    ['script', 'flush'],
    ['script', 'load', 'return 1'],
    ['function', 'list'],
    ['publish', 'baton:own:intake', ''],
    ['subscribe', 'baton:own:intake'],
    ['get', `${REDIS_PREFIX}:epoch`],
    ['set', `${REDIS_PREFIX}:epoch`, 'x'],
    ['zadd', `${REDIS_PREFIX}:own:${INTAKE_QUEUE}:due:0`, '0', 'x'],
    ['hgetall', `${REDIS_PREFIX}:own:${INTAKE_QUEUE}:m:own`],
    ['lrange', `${REDIS_PREFIX}:worker-planner:wait`, '0', '-1'],
    ['hgetall', `${REDIS_PREFIX}:worker-planner:task`],
    ['rename', `${K}:wait`, `${K}:shop-2`],
    ['sort', `${K}:wait`],
    ['dump', `${K}:q-of-another`],
  ])('can do nothing else: %s %s', async (command, ...args) => {
    await expect(theirs.call(command, ...args)).rejects.toThrow(/NOPERM/);
    // A script is no way around.
    const script = `return redis.call(${[command, ...args].map((each) => `'${each}'`).join(', ')})`;
    await expect(theirs.call('eval', script, '0')).rejects.toThrow(/NOPERM|ACL|can't|not allowed|permission|noscript/i);
  });

  test('has no other database', async () => {
    await expect(theirs.call('eval', `return redis.call('select', '1')`, '0')).rejects.toThrow(/can't run/);
  });

  test('a script with keys of others is refused before it runs', async () => {
    await expect(theirs.call('eval', 'return 1', '1', `${REDIS_PREFIX}:worker-planner:wait`)).rejects.toThrow(/NOPERM/);
  });

  test('is made again where the server forgot it, and taken away where it is nobody’s any more, with what it has open', async () => {
    await admin.call('ACL', 'DELUSER', producerLogin('shop'));
    await restoreRedisProducers(server.url, [shop], silentLog);
    const again = new Redis(urlOf(), { retryStrategy: () => null });
    again.on('error', () => {});
    expect(await again.ping()).toBe('PONG');
    await provideRedisProducers(server.url, []);
    await expect(again.ping()).rejects.toThrow();
    expect(await admin.call('ACL', 'GETUSER', producerLogin('shop'))).toBeNull();
    again.disconnect();
  });
});
