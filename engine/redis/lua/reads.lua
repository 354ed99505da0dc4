-- Purpose: what the requests of one moment read, in one command: strings, and pages of sorted sets; and whether an owner
--   vouches for what this server holds of their partitions (vouch.lua).
-- KEYS strings, then sorted sets, then leases
-- ARGV 1 number of strings · 2 number of leases · 3… per set: score its page begins after, entries at most
-- Returns the value of each string (nil when there is none), then for each set {member, score, member, score…}, then the
--   leases nobody vouches for, when leases were given: what was read of their partitions must not be served
local function reads(keys, args)
  local strings, leases = tonumber(args[1]), tonumber(args[2])
  local sets = #keys - leases
  local reply = strings > 0 and redis.call('MGET', unpack(keys, 1, strings)) or {}
  for i = strings + 1, sets do
    local at = 2 * (i - strings) + 1
    reply[i] = redis.call('ZRANGEBYSCORE', keys[i], '(' .. args[at], '+inf', 'WITHSCORES', 'LIMIT', 0, args[at + 1])
  end
  if leases > 0 then
    local unknown = {}
    for i = sets + 1, #keys do
      local lease = redis.call('HMGET', keys[i], 'token', 'turn')
      if not is_vouched(keys[i], lease[1], lease[2]) then unknown[#unknown + 1] = keys[i] end
    end
    reply[sets + 1] = unknown
  end
  return reply
end

redis.register_function({ function_name = 'relais_reads_' .. VERSION, callback = reads, flags = { 'no-writes' } })
