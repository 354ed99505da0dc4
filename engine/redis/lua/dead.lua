-- Purpose: what an administrator does with a dead letter. Both are atomic: a letter is replayed once or not at all.
-- KEYS 1 dead (stream) · 2 in (stream) · 3 wake (shard channel) · ARGV 1 id of the letter
-- Returns 1, or 0 when there is no such letter (any more). The dead stream is never trimmed, so XDEL is safe on it.
local function replay(keys, args)
  local letter = redis.call('XRANGE', keys[1], args[1], args[1])
  if #letter == 0 then return 0 end
  local fields, message = letter[1][2], nil
  for i = 1, #fields, 2 do
    if fields[i] == 'm' then message = fields[i + 1] end
  end
  if redis.call('XLEN', keys[2]) == 0 then redis.call('SPUBLISH', keys[3], '') end
  redis.call('XADD', keys[2], '*', 'm', message)
  redis.call('XDEL', keys[1], args[1])
  return 1
end

local function discard(keys, args)
  return redis.call('XDEL', keys[1], args[1])
end

redis.register_function({ function_name = 'relais_replay_' .. VERSION, callback = replay, flags = { 'allow-oom' } })
redis.register_function({ function_name = 'relais_discard_' .. VERSION, callback = discard, flags = { 'allow-oom' } })
