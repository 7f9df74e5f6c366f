import { BatonError, isConnectionLoss, REDIS_PREFIX, toError } from '@baton/contracts';
import { primariesOf, redisClient } from '@baton/servers';
import { queueServerOf } from '../config.js';
import { notThere, refused } from '../queue-server-errors.js';
import { within } from '../waiting.js';

const CHECK_TIMEOUT_MS = 3_000;
/** Looking for the primary and connecting to it are several steps, each with a time of its own. */
const CONNECT_TIMEOUT_MS = 8_000;

const PROBE = `${REDIS_PREFIX}:probe`;
/** Stands for all that Baton's own scripts and BullMQ's do: a server checks what a script calls as if the user had called it. */
const PROBE_SCRIPT = `
redis.call('del', KEYS[1])
redis.call('time')
redis.call('set', KEYS[1], '', 'px', 1)
redis.call('del', KEYS[1])
redis.call('zadd', KEYS[1], 1, 'a')
redis.call('zrangebyscore', KEYS[1], 0, 1)
redis.call('unlink', KEYS[1])
redis.call('hset', KEYS[1], 'a', '1')
redis.call('hmget', KEYS[1], 'a')
redis.call('del', KEYS[1])
redis.call('rpush', KEYS[1], 'a')
redis.call('lpop', KEYS[1])
redis.call('xadd', KEYS[1], '*', 'a', '1')
redis.call('xtrim', KEYS[1], 'maxlen', 1)
redis.call('pexpire', KEYS[1], 1000)
redis.call('publish', KEYS[1], '')
return redis.call('del', KEYS[1])`;

/**
 * Connects once, without retries, and refuses a server that may evict keys, and a user who may not do what Baton does there.
 * @throws BatonError `queue-unreachable`, `queue-refused`, `redis-evicting-policy`
 */
export async function checkRedis(url: string): Promise<void> {
  const endpoint = queueServerOf({ backend: 'redis', url });
  const client = redisClient(url, {
    connectionName: 'baton-check',
    connectTimeout: CHECK_TIMEOUT_MS,
    commandTimeout: CHECK_TIMEOUT_MS,
    lazyConnect: true,
    enableOfflineQueue: false,
    retryStrategy: () => null,
  });
  // `connect` rejects with a bare "Connection is closed"; the reason comes by this event.
  let reason: unknown;
  client.on('error', (error) => {
    reason ??= reasonOf(error);
  });
  try {
    const connected = await within(CONNECT_TIMEOUT_MS, client.connect());
    if (connected === undefined) throw notThere(endpoint, reason);
    for (const primary of primariesOf(client)) assertNoEviction(await primary.info('memory'), endpoint);
    await client.eval(PROBE_SCRIPT, 1, PROBE);
  } catch (error) {
    if (error instanceof BatonError) throw error;
    const cause = reason ?? reasonOf(error);
    throw isConnectionLoss(cause) ? notThere(endpoint, cause) : refused(endpoint, cause);
  } finally {
    client.disconnect();
  }
}

/** A cluster that cannot be reached says why its last node could not. */
function reasonOf(error: unknown): Error {
  const thrown = toError(error);
  return 'lastNodeError' in thrown && thrown.lastNodeError instanceof Error ? thrown.lastNodeError : thrown;
}

function assertNoEviction(memoryInfo: string, endpoint: string): void {
  const policy = /^maxmemory_policy:(\S+)/m.exec(memoryInfo)?.[1];
  // Servers that only speak the protocol may not report one.
  if (policy === undefined || policy === 'noeviction') return;
  throw new BatonError(`The ${endpoint} may drop queued messages: its maxmemory-policy is ${policy}.`, {
    code: 'redis-evicting-policy',
    next: 'Set it with `redis-cli CONFIG SET maxmemory-policy noeviction` and write `maxmemory-policy noeviction` into redis.conf.',
  });
}
