import { REDIS_PREFIX } from '@baton/contracts';
import type { RedisClient } from '@baton/servers';
import { z } from 'zod';

/*
 * BullMQ tells the state of one job a call, and walks its lists for each: with 100,000 waiting jobs that is the whole
 * list 100,000 times. Here many jobs are asked for in one script, which walks each list once, a piece at a time.
 */

const SETS = ['completed', 'failed', 'delayed', 'prioritized', 'waiting-children'] as const;
const LISTS = ['active', 'wait', 'paused'] as const;

const SCRIPT = `
local states, missing, count = {}, {}, 0
for n, id in ipairs(ARGV) do
  states[n] = ''
  for k = 1, ${SETS.length} do
    if states[n] == '' and redis.call('zscore', KEYS[k], id) then states[n] = KEYS[k] end
  end
  if states[n] == '' and not missing[id] then
    missing[id] = n
    count = count + 1
  end
end
for k = ${SETS.length + 1}, ${SETS.length + LISTS.length} do
  local from = 0
  while count > 0 do
    local piece = redis.call('lrange', KEYS[k], from, from + 4999)
    if #piece == 0 then break end
    for _, id in ipairs(piece) do
      local n = missing[id]
      if n then
        states[n] = KEYS[k]
        missing[id] = nil
        count = count - 1
      end
    end
    from = from + 5000
  end
end
return states`;

const Keys = z.array(z.string());

/** @returns by job id the set or list of BullMQ in which it stands; a job that stands in none is left out */
export async function jobStates(
  redis: RedisClient,
  queue: string,
  jobIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const prefix = `${REDIS_PREFIX}:${queue}:`;
  const keys = [...SETS, ...LISTS].map((name) => `${prefix}${name}`);
  const found = Keys.parse(await redis.eval(SCRIPT, keys.length, ...keys, ...jobIds));
  return new Map(
    jobIds.flatMap((jobId, n): [string, string][] => {
      const key = found[n] ?? '';
      return key === '' ? [] : [[jobId, key.slice(prefix.length)]];
    }),
  );
}
