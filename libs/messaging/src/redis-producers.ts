import { createHash } from 'node:crypto';
import {
  INTAKE_QUEUE,
  type ProducerName,
  producerJobPrefix,
  producerLogin,
  REDIS_PREFIX,
  toError,
} from '@baton/contracts';
import { type RedisClient, readRedisPlace, redisClient, serversOf } from '@baton/servers';
import type { MessagingLog } from './config.js';

/*
 * The user of Redis under which a producer adds jobs to `intake`, and the least that `Queue.add` of BullMQ 6 needs. Found by
 * taking away until it failed:
 *
 *   eval, evalsha   with the nine keys of `addStandardJob` and no other; ioredis sends the text of a script first
 *   meta            read: whether the queue is paused, and how many events it keeps, which Baton writes there before
 *   wait, paused    a job id is pushed, nothing is read
 *   active          its length
 *   id              counted up
 *   events, marker  written
 *   <name>-…        its own jobs: a producer gives its job ids, and can neither read nor change a job of anybody else
 *
 * A script is no way around: what it calls is checked as if the user had called it. What no rule of Redis forbids to whoever
 * may send a script is to let one run for ever: `SCRIPT KILL` ends it.
 */

/** The keys of the queue: in a cluster in one slot. */
type Key = (name: string) => string;
const keysAt = (isCluster: boolean): Key => {
  const queue = `${REDIS_PREFIX}:${isCluster ? `{${INTAKE_QUEUE}}` : INTAKE_QUEUE}`;
  return (name) => `${queue}:${name}`;
};

/** What BullMQ writes where it is not there, which a producer may not: whoever writes beside it can pause the queue. */
const EVENT_HISTORY_FIELD = 'opts.maxLenEvents';
const EVENT_HISTORY = 1_000;

const ADD_KEYS = ['wait', 'paused', 'meta', 'id', 'completed', 'delayed', 'active', 'events', 'marker'];

const selectorsOf = (name: ProducerName, key: Key): readonly string[] => [
  `(+eval +evalsha ${ADD_KEYS.map((each) => `~${key(each)}`).join(' ')})`,
  `(+hget +hmget +hexists %R~${key('meta')})`,
  `(+lpush +rpush %W~${key('wait')} %W~${key('paused')})`,
  `(+llen ~${key('active')} ~${key('wait')} ~${key('paused')})`,
  `(+incr ~${key('id')})`,
  `(+xadd %W~${key('events')})`,
  `(+zadd %W~${key('marker')})`,
  `(+exists +hget +hmget +hexists +hset +hmset ~${key(producerJobPrefix(name))}*)`,
];

/** `info` is what BullMQ learns the server's version from. */
const CONNECTING = ['+ping', '+hello', '+info', '+client|setname', '+multi', '+exec'];
/** How a client learns which node has which keys. */
const FINDING_NODES = ['+cluster|slots', '+cluster|nodes', '+cluster|info', '+readonly', '+asking'];

export const redisPasswordSha256 = (password: string): string => createHash('sha256').update(password).digest('hex');

interface RedisProducer {
  readonly name: ProducerName;
  readonly sha256: string;
}

/**
 * Makes each of these users as it has to be, whatever it was; and takes others of our making away. Servers do not tell each other
 * of their users: in a cluster each node gets them, and behind sentinels whoever is the primary, by the next look after a failover.
 */
export async function provideRedisProducers(url: string, producers: readonly RedisProducer[]): Promise<void> {
  await withRedis(url, async (redis, key, isCluster) => {
    await redis.hsetnx(key('meta'), EVENT_HISTORY_FIELD, EVENT_HISTORY);
    const connecting = isCluster ? [...CONNECTING, ...FINDING_NODES] : CONNECTING;
    for (const server of serversOf(redis)) {
      for (const { name, sha256 } of producers) {
        const rules = ['reset', 'on', `#${sha256}`, 'resetchannels', '-@all', ...connecting, ...selectorsOf(name, key)];
        await server.call('ACL', 'SETUSER', producerLogin(name), ...rules);
      }
      await dropStrays(server, producers);
      await keepOnDisk(server);
    }
  });
}

type Server = ReturnType<typeof serversOf>[number];

async function dropStrays(server: Server, producers: readonly RedisProducer[]): Promise<void> {
  const wanted = new Set(producers.map(({ name }) => producerLogin(name)));
  const users = await server.call('ACL', 'USERS');
  const ours = Array.isArray(users) ? users.filter((user) => typeof user === 'string') : [];
  const stray = ours.filter((user) => user.startsWith(producerLogin('')) && !wanted.has(user));
  if (stray.length > 0) await server.call('ACL', 'DELUSER', ...stray);
}

/** Where the server keeps its users in a file or in its configuration, they survive its restart; else a hub makes them again. */
async function keepOnDisk(server: Server): Promise<void> {
  await server.call('ACL', 'SAVE').catch(() => server.config('REWRITE').catch(() => {}));
}

/** Whether one of them, or what they all need, is not there, as after a restart of a server that keeps no users. */
async function isOneMissing(redis: RedisClient, key: Key, producers: readonly RedisProducer[]): Promise<boolean> {
  if ((await redis.hexists(key('meta'), EVENT_HISTORY_FIELD)) === 0) return true;
  for (const server of serversOf(redis)) {
    for (const { name } of producers) {
      if ((await server.call('ACL', 'GETUSER', producerLogin(name))) === null) return true;
    }
  }
  return false;
}

/** Makes again what a server forgot that was restarted. What keeps it from that is told to the log. */
export async function restoreRedisProducers(
  url: string,
  producers: readonly RedisProducer[],
  log: MessagingLog,
): Promise<void> {
  if (producers.length === 0) return;
  try {
    const isMissing = await withRedis(url, (redis, key) => isOneMissing(redis, key, producers));
    if (!isMissing) return;
    await provideRedisProducers(url, producers);
    log.info({ producers: producers.length }, 'logins of producers were made again on Redis');
  } catch (thrown) {
    log.warn({ err: toError(thrown) }, 'logins of producers on Redis could not be looked after');
  }
}

async function withRedis<T>(
  url: string,
  work: (redis: RedisClient, key: Key, isCluster: boolean) => Promise<T>,
): Promise<T> {
  const isCluster = readRedisPlace(url).kind === 'cluster';
  const redis = redisClient(url, {
    connectionName: 'baton-producers',
    lazyConnect: true,
    commandTimeout: 5_000,
    connectTimeout: 5_000,
    retryStrategy: () => null,
  });
  redis.on('error', () => {
    // The command that waits rejects as well.
  });
  try {
    await redis.connect();
    return await work(redis, keysAt(isCluster), isCluster);
  } finally {
    redis.disconnect();
  }
}
