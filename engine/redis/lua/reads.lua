-- Purpose: what the requests of one moment read, in one command: strings, and pages of sorted sets.
-- KEYS strings, then sorted sets · ARGV 1 number of strings · 2… per set: score its page begins after, entries at most
-- Returns the value of each string (nil when there is none), then for each set {member, score, member, score…}
local function reads(keys, args)
  local strings = tonumber(args[1])
  local reply = strings > 0 and redis.call('MGET', unpack(keys, 1, strings)) or {}
  for i = strings + 1, #keys do
    local at = 2 * (i - strings)
    reply[i] = redis.call('ZRANGEBYSCORE', keys[i], '(' .. args[at], '+inf', 'WITHSCORES', 'LIMIT', 0, args[at + 1])
  end
  return reply
end

redis.register_function({ function_name = 'relais_reads_' .. VERSION, callback = reads, flags = { 'no-writes' } })
