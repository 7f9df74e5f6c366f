import { REDIS_PREFIX } from '@baton/contracts';
import type { RedisClient } from '@baton/servers';
import type { Backend } from './backend.js';

/** Of each log: a database that took the place of another is none that lost something. */
const keyOf = (log: string): string => `${REDIS_PREFIX}:log-end:${log}`;

/** The log whose queues these are, where that was said. */
const OWNER_KEY = `${REDIS_PREFIX}:of-log`;

/** The further one stays: hubs tell of what each of them wrote, in any order. */
const WRITE = `
if tonumber(ARGV[1]) <= tonumber(redis.call('hget', KEYS[1], 'position') or '-1') then return 0 end
redis.call('hset', KEYS[1], 'position', ARGV[1], 'event', ARGV[2])
return 1`;

/** What Redis knows of the log on Postgres: it may know more than that, after a failover there. */
export const redisEnd = (redis: RedisClient): Pick<Backend, 'readEnd' | 'writeEnd' | 'claimFor'> => ({
  async readEnd(log) {
    const [position, eventId] = await redis.hmget(keyOf(log), 'position', 'event');
    return position == null || eventId == null ? null : { position: Number(position), eventId };
  },
  async writeEnd(log, end) {
    if (end === null) await redis.del(keyOf(log));
    else await redis.eval(WRITE, 1, keyOf(log), end.position, end.eventId);
  },
  async claimFor(log) {
    const isOurs = (await redis.set(OWNER_KEY, log, 'NX')) === 'OK';
    // Wiped in between, it is nobody's.
    return isOurs ? log : ((await redis.get(OWNER_KEY)) ?? log);
  },
});
