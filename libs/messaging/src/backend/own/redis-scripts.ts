/*
 * What the store does in Redis, each in one script. KEYS[1] is the queue's name under the prefix. Of a queue there are
 *
 *   <queue>:due:<priority>  what waits or is delayed, by when it is due; what is put in within a millisecond in its order
 *   <queue>:held            what is in work, by the end of its lease
 *   <queue>:m:<job id>      the message: n name, d data, p priority, h holder, c deliveries, f failures, s stalls
 *   <queue>:seq             counts what is put in
 *
 * The clock is that of the server. Redis runs no other command beside a script, so each is one step.
 */

const COMMON = `
local q = KEYS[1]
local t = redis.call('time')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local function due(after)
  return now + after + (redis.call('incr', q .. ':seq') % 4096) / 4096
end
`;

/** ARGV: n times id, name, data, priority, delay. Answers nothing; rings for what is due at once, and for the soonest of the rest. */
export const PUT = `${COMMON}
local at_once, soonest = false, nil
for i = 1, #ARGV, 5 do
  local key = q .. ':m:' .. ARGV[i]
  if redis.call('exists', key) == 0 then
    local delay = tonumber(ARGV[i + 4])
    redis.call('hset', key, 'n', ARGV[i + 1], 'd', ARGV[i + 2], 'p', ARGV[i + 3])
    redis.call('zadd', q .. ':due:' .. ARGV[i + 3], due(delay), ARGV[i])
    if delay > 0 then soonest = math.min(soonest or delay, delay) else at_once = true end
  end
end
if at_once then redis.call('publish', q, '') end
if soonest then redis.call('publish', q, tostring(math.ceil(soonest))) end
return 0`;

/** ARGV: holder, lease, want, ids that are done. Answers for each that is taken: id, name, data, priority, failures, deliveries, stalls, milliseconds that it waited. */
export const FINISH_AND_TAKE = `${COMMON}
local holder, lease, want = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
for i = 4, #ARGV do
  local key = q .. ':m:' .. ARGV[i]
  if redis.call('hget', key, 'h') == holder then
    redis.call('unlink', key)
    redis.call('zrem', q .. ':held', ARGV[i])
  end
end
local taken = {}
local function take(id, at, is_stalled)
  local key = q .. ':m:' .. id
  local m = redis.call('hmget', key, 'n', 'd', 'f', 'c', 's', 'p')
  redis.call('zadd', q .. ':held', now + lease, id)
  if m[1] then
    local deliveries, stalls = (tonumber(m[4]) or 0) + 1, (tonumber(m[5]) or 0) + (is_stalled and 1 or 0)
    redis.call('hset', key, 'h', holder, 'c', deliveries, 's', stalls)
    local waited = tostring(math.max(0, math.floor(now - tonumber(at))))
    for _, value in ipairs({ id, m[1], m[2], m[6] or '0', m[3] or '0', tostring(deliveries), tostring(stalls), waited }) do
      taken[#taken + 1] = value
    end
    want = want - 1
  else
    redis.call('zrem', q .. ':held', id)
  end
end
if want > 0 then
  local lost = redis.call('zrangebyscore', q .. ':held', '-inf', now, 'withscores', 'limit', 0, want)
  for i = 1, #lost, 2 do take(lost[i], lost[i + 1], true) end
end
for priority = 0, 3 do
  if want > 0 then
    local from = q .. ':due:' .. priority
    local next = redis.call('zrangebyscore', from, '-inf', '(' .. (now + 1), 'withscores', 'limit', 0, want)
    for i = 1, #next, 2 do
      redis.call('zrem', from, next[i])
      take(next[i], next[i + 1], false)
    end
  end
end
return taken`;

/** ARGV: holder, lease, ids. Answers those that are still held. */
export const RENEW = `${COMMON}
local kept = {}
for i = 3, #ARGV do
  if redis.call('hget', q .. ':m:' .. ARGV[i], 'h') == ARGV[1] then
    redis.call('zadd', q .. ':held', now + tonumber(ARGV[2]), ARGV[i])
    kept[#kept + 1] = ARGV[i]
  end
end
return kept`;

/** ARGV: holder, id, delay, failures to add. */
export const RELEASE = `${COMMON}
local id, delay = ARGV[2], tonumber(ARGV[3])
local key = q .. ':m:' .. id
local m = redis.call('hmget', key, 'h', 'p')
if m[1] ~= ARGV[1] then return 0 end
redis.call('hdel', key, 'h')
redis.call('hincrby', key, 'f', ARGV[4])
redis.call('zrem', q .. ':held', id)
redis.call('zadd', q .. ':due:' .. m[2], due(delay), id)
redis.call('publish', q, delay > 0 and tostring(math.ceil(delay)) or '')
return 1`;

/** ARGV: ids. Answers those that were taken back: nobody has them in work. */
export const WITHDRAW = `${COMMON}
local gone = {}
for _, id in ipairs(ARGV) do
  local key = q .. ':m:' .. id
  local priority = redis.call('hget', key, 'p')
  local lease = redis.call('zscore', q .. ':held', id)
  if priority and (not lease or tonumber(lease) <= now) then
    redis.call('unlink', key)
    redis.call('zrem', q .. ':due:' .. priority, id)
    redis.call('zrem', q .. ':held', id)
    gone[#gone + 1] = id
  end
end
return gone`;

/** ARGV: ids. Answers a state for each, or nothing. */
export const STATES = `${COMMON}
local states = {}
for i, id in ipairs(ARGV) do
  local priority = redis.call('hget', q .. ':m:' .. id, 'p')
  local at = priority and redis.call('zscore', q .. ':due:' .. priority, id)
  local lease = priority and redis.call('zscore', q .. ':held', id)
  if at then states[i] = tonumber(at) < now + 1 and 'waiting' or 'delayed'
  elseif lease then states[i] = tonumber(lease) <= now and 'waiting' or 'active'
  else states[i] = '' end
end
return states`;

/** ARGV: for how many milliseconds it has been due. Answers how many wait for so long, are delayed, and are in work. */
export const COUNTS = `${COMMON}
local ago = tonumber(ARGV[1])
local waiting, delayed = redis.call('zcount', q .. ':held', '-inf', now - ago), 0
local active = redis.call('zcard', q .. ':held') - redis.call('zcount', q .. ':held', '-inf', now)
for priority = 0, 3 do
  waiting = waiting + redis.call('zcount', q .. ':due:' .. priority, '-inf', '(' .. (now + 1 - ago))
  delayed = delayed + redis.call('zcount', q .. ':due:' .. priority, now + 1, '+inf')
end
return { waiting, delayed, active }`;
