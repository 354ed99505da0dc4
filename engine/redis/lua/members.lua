-- Purpose: who takes part in sharing the partitions. Redis time only.
-- KEYS 1 members (zset: engine → last beat, ms)

-- Process numbers make new names: a member as many times silent as that is forgotten.
local FORGOTTEN_SILENCES = 10

-- ARGV 1 engine ('' only looks) · 2 time after which a silent member no longer counts (ms)
-- Returns the live members, sorted by name. A beat later than now was made before the clock went back: it counts no
-- more than a silence.
local function beat(keys, args)
  local now, silence = now_ms(), tonumber(args[2])
  if args[1] ~= '' then
    redis.call('ZADD', keys[1], now, args[1])
    redis.call('ZREMRANGEBYSCORE', keys[1], '-inf', now - FORGOTTEN_SILENCES * silence)
  end
  local live = redis.call('ZRANGEBYSCORE', keys[1], now - silence, now + silence)
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
