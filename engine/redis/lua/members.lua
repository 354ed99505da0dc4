-- Purpose: who takes part in sharing the partitions. Redis time only.
-- KEYS 1 members (zset: engine → last beat, ms)

-- ARGV 1 engine ('' only looks) · 2 time after which a silent member is forgotten (ms)
-- Returns the live members, sorted by name.
local function beat(keys, args)
  local now = now_ms()
  if args[1] ~= '' then redis.call('ZADD', keys[1], now, args[1]) end
  local live = redis.call('ZRANGEBYSCORE', keys[1], now - tonumber(args[2]), '+inf')
  table.sort(live)
  return live
end

-- ARGV 1 engine. Leaves at once: the others share its partitions without waiting for its silence.
local function leave(keys, args)
  return redis.call('ZREM', keys[1], args[1])
end

calls.beat = beat
redis.register_function({ function_name = 'relais_beat_' .. VERSION, callback = beat, flags = { 'allow-oom' } })
calls.leave = leave
redis.register_function({ function_name = 'relais_leave_' .. VERSION, callback = leave, flags = { 'allow-oom' } })
