import { MOST_URGENCY, RUNGS, URGENCIES } from '@baton/contracts';

/*
 * What the store does in Redis, each in one script. KEYS[1] is the queue's name under the prefix. Of a queue there are
 *
 *   <queue>:due:<priority>  what waits or is delayed, by when it is due; what is put in within a millisecond in its order. The
 *                           priority is an urgency with its rung: see `onRung`
 *   <queue>:held            what is in work, by the end of its lease
 *   <queue>:m:<job id>      the message: n name, d data, p priority, h holder, c deliveries, f failures, s stalls
 *   <queue>:seq             counts what is put in
 *   <queue>:done            how many were done in each second of the last minute: by second % 60, which second and how many
 *   <queue>:takers          who waits to have messages handed over, by until when; <queue>:taker:<holder> how many, for how long
 *   <queue>:handed:<holder> what was handed over, with the time
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

/**
 * ARGV: n times id, name, data, priority, delay. Answers nothing. What is due at once goes to who waits for it, by the channel of
 * that holder: as taken as by a request, so that it stays in the store until it is done. For the rest it rings, and for the
 * soonest of what is due later.
 */
export const PUT = `${COMMON}
local fresh, soonest = {}, nil
for i = 1, #ARGV, 5 do
  local key = q .. ':m:' .. ARGV[i]
  if redis.call('exists', key) == 0 then
    local delay = tonumber(ARGV[i + 4])
    redis.call('hset', key, 'n', ARGV[i + 1], 'd', ARGV[i + 2], 'p', ARGV[i + 3])
    if delay > 0 then
      redis.call('zadd', q .. ':due:' .. ARGV[i + 3], due(delay), ARGV[i])
      soonest = math.min(soonest or delay, delay)
    else
      fresh[#fresh + 1] = i
    end
  end
end
local next = 1
while next <= #fresh do
  local holder = redis.call('zrevrangebyscore', q .. ':takers', '+inf', now, 'limit', 0, 1)[1]
  if not holder then break end
  local taker = redis.call('hmget', q .. ':taker:' .. holder, 'room', 'lease')
  local room, values = math.min(tonumber(taker[1]) or 0, #fresh - next + 1), {}
  for n = next, next + room - 1 do
    local i = fresh[n]
    for _, value in ipairs({ ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], '0', '1', '0', '0' }) do
      values[#values + 1] = value
    end
  end
  if room > 0 and redis.call('publish', q .. '>' .. holder, cjson.encode(values)) > 0 then
    for n = next, next + room - 1 do
      local id = ARGV[fresh[n]]
      redis.call('hset', q .. ':m:' .. id, 'h', holder, 'c', 1)
      redis.call('zadd', q .. ':held', now + taker[2], id)
      redis.call('rpush', q .. ':handed:' .. holder, now .. ' ' .. id)
    end
    redis.call('pexpire', q .. ':handed:' .. holder, taker[2])
    redis.call('hincrby', q .. ':taker:' .. holder, 'room', -room)
    next = next + room
    if tonumber(taker[1]) > room then holder = nil end
  end
  -- It has no room for more, or is not there to hear.
  if holder then
    redis.call('zrem', q .. ':takers', holder)
    redis.call('unlink', q .. ':taker:' .. holder)
  end
end
for n = next, #fresh do
  local i = fresh[n]
  redis.call('zadd', q .. ':due:' .. ARGV[i + 3], due(0), ARGV[i])
end
if next <= #fresh then redis.call('publish', q, '') end
if soonest then redis.call('publish', q, tostring(math.ceil(soonest))) end
return 0`;

/** Urgencies and rungs of which there may be something, in the order in which they are taken. Mostly nothing stands on a higher rung. */
const THERE = `
local function there(first)
  local higher = {}
  for priority = ${URGENCIES}, ${MOST_URGENCY} do higher[#higher + 1] = q .. ':due:' .. priority end
  if redis.call('exists', unpack(higher)) == 0 then return { 0, 1, 2, 3 } end
  local all = {}
  for urgency = 0, ${URGENCIES - 1} do
    for n = 0, ${RUNGS - 1} do all[#all + 1] = urgency + ${URGENCIES} * ((first + n) % ${RUNGS}) end
  end
  return all
end
`;

/** What was handed over so long ago was heard by now, or never will be. */
const HEARD_WITHIN_MS = 250;

/**
 * ARGV: holder, lease, want, for how long what is put in shall be handed over, the first rung, ids that are done. Answers for each that is taken:
 * id, name, data, priority, failures, deliveries, stalls, milliseconds that it waited. Among these is once what was handed over.
 */
export const FINISH_AND_TAKE = `${COMMON}
local holder, lease, want, waits = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local first = tonumber(ARGV[5])
for i = 6, #ARGV do
  local key = q .. ':m:' .. ARGV[i]
  if redis.call('hget', key, 'h') == holder then
    redis.call('unlink', key)
    redis.call('zrem', q .. ':held', ARGV[i])
  end
end
${THERE}local taken = {}
local function answer(id, m, deliveries, stalls, at)
  local waited = tostring(math.max(0, math.floor(now - tonumber(at))))
  for _, value in ipairs({ id, m[1], m[2], m[6] or '0', m[3] or '0', tostring(deliveries), tostring(stalls), waited }) do
    taken[#taken + 1] = value
  end
end
local function message(id)
  return redis.call('hmget', q .. ':m:' .. id, 'n', 'd', 'f', 'c', 's', 'p', 'h')
end
local handed = q .. ':handed:' .. holder
local entry = redis.call('lindex', handed, 0)
while entry do
  local at, id = string.match(entry, '^(%d+) (.*)$')
  if tonumber(at) > now - ${HEARD_WITHIN_MS} then break end
  redis.call('lpop', handed)
  local m = message(id)
  if m[7] == holder then answer(id, m, m[4], m[5] or 0, at) end
  entry = redis.call('lindex', handed, 0)
end
local function take(id, at, is_stalled)
  local key = q .. ':m:' .. id
  local m = message(id)
  redis.call('zadd', q .. ':held', now + lease, id)
  if m[1] then
    local deliveries, stalls = (tonumber(m[4]) or 0) + 1, (tonumber(m[5]) or 0) + (is_stalled and 1 or 0)
    redis.call('hset', key, 'h', holder, 'c', deliveries, 's', stalls)
    answer(id, m, deliveries, stalls, at)
    want = want - 1
  else
    redis.call('zrem', q .. ':held', id)
  end
end
if want > 0 then
  local lost = redis.call('zrangebyscore', q .. ':held', '-inf', now, 'withscores', 'limit', 0, want)
  for i = 1, #lost, 2 do take(lost[i], lost[i + 1], true) end
end
for _, priority in ipairs(there(first)) do
  if want > 0 then
    local from = q .. ':due:' .. priority
    local next = redis.call('zrangebyscore', from, '-inf', '(' .. (now + 1), 'withscores', 'limit', 0, want)
    for i = 1, #next, 2 do
      redis.call('zrem', from, next[i])
      take(next[i], next[i + 1], false)
    end
  end
end
redis.call('zremrangebyscore', q .. ':takers', '-inf', now)
if want > 0 and waits > 0 then
  redis.call('zadd', q .. ':takers', now + waits, holder)
  redis.call('hset', q .. ':taker:' .. holder, 'room', want, 'lease', lease)
  redis.call('pexpire', q .. ':taker:' .. holder, waits)
else
  redis.call('zrem', q .. ':takers', holder)
  redis.call('unlink', q .. ':taker:' .. holder)
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
for priority = 0, ${MOST_URGENCY} do
  waiting = waiting + redis.call('zcount', q .. ':due:' .. priority, '-inf', '(' .. (now + 1 - ago))
  delayed = delayed + redis.call('zcount', q .. ':due:' .. priority, now + 1, '+inf')
end
return { waiting, delayed, active }`;

/** ARGV: how many were done a moment ago. */
export const NOTE_DONE = `${COMMON}
local second = math.floor(now / 1000)
local at, count = string.match(redis.call('hget', q .. ':done', second % 60) or '', '^(%d+) (%d+)$')
if tonumber(at) ~= second then count = 0 end
redis.call('hset', q .. ':done', second % 60, second .. ' ' .. (count + ARGV[1]))
redis.call('pexpire', q .. ':done', 60000)
return 0`;

/** Answers for how long the one that has waited longest has been due, or -1, and how many were done in the last minute. */
export const FLOW = `${COMMON}
local oldest, done = -1, 0
local function look(key)
  local first = redis.call('zrangebyscore', key, '-inf', '(' .. (now + 1), 'withscores', 'limit', 0, 1)
  if first[2] then oldest = math.max(oldest, 0, math.floor(now - tonumber(first[2]))) end
end
look(q .. ':held')
for priority = 0, ${MOST_URGENCY} do look(q .. ':due:' .. priority) end
local from = math.floor(now / 1000) - 60
for _, noted in ipairs(redis.call('hvals', q .. ':done')) do
  local second, count = string.match(noted, '^(%d+) (%d+)$')
  if tonumber(second) > from then done = done + count end
end
return { oldest, done }`;
