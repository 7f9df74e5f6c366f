import { MOST_URGENCY, REDIS_PREFIX } from '@baton/contracts';
import type { RedisClient } from '@baton/servers';
import type { QueueFlow } from './backend.js';
import { LONGEST_WAIT_MS } from './own/message-store.js';
import { Flow } from './own/redis-store.js';

/*
 * Of each urgency BullMQ has the one that came first at the end of a list or the beginning of a range of a set, so a handful of
 * jobs is looked at, whatever waits. A job says when it was sent, and for how long it was to be held back; what is done is
 * remembered for a minute, by when it was done.
 */

const SCRIPT = `
local prefix, t = ARGV[1], redis.call('time')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local oldest = -1
local function look(id)
  if not id then return end
  local job = redis.call('hmget', prefix .. id, 'timestamp', 'opts')
  local is_read, opts = pcall(cjson.decode, job[2])
  local sent, delay = tonumber(job[1]), is_read and type(opts) == 'table' and tonumber(opts.delay) or 0
  if sent then oldest = math.max(oldest, 0, math.floor(math.min(now - sent - delay, ${LONGEST_WAIT_MS}))) end
end
look(redis.call('lindex', KEYS[1], -1))
for priority = 1, ${MOST_URGENCY} do
  local from = priority * 4294967296
  look(redis.call('zrangebyscore', KEYS[2], from, '(' .. (from + 4294967296), 'limit', 0, 1)[1])
end
return { oldest, redis.call('zcount', KEYS[3], '(' .. (now - 60000), '+inf') }`;

/** Of BullMQ's door. */
export async function redisFlow(redis: RedisClient, queue: string): Promise<QueueFlow> {
  const prefix = `${REDIS_PREFIX}:${queue}:`;
  const keys = ['wait', 'prioritized', 'completed'].map((name) => `${prefix}${name}`);
  return Flow.parse(await redis.eval(SCRIPT, keys.length, ...keys, prefix));
}
