-- Purpose: what the requests of one moment read, in one command: strings, pages of sorted sets, pages of feeds; and
--   whether an owner vouches for what this server holds of their partitions (vouch.lua).
-- KEYS strings, then sorted sets, then feeds, then leases
-- ARGV 1 number of strings · 2 number of feeds · 3 number of leases
--   4… per set, then per feed: score or sequence its page begins after, entries at most
-- Returns the value of each string (nil when there is none), then for each set {member, score, member, score…}, then for
--   each feed its entries, then the leases nobody vouches for, when leases were given: what was read of their partitions
--   must not be served. A feed is a list without a hole: its first entry says where any other is.
local function feed_page(keys, i, after, limit)
  local first = redis.call('LINDEX', keys[i], 0)
  if not first then return {} end
  local from = math.max(after + 1 - entry_sequence(first), 0)
  return redis.call('LRANGE', keys[i], from, from + limit - 1)
end

local function reads(keys, args)
  local strings, leases = tonumber(args[1]), tonumber(args[3])
  local feeds = #keys - leases
  local sets = feeds - tonumber(args[2])
  local reply = strings > 0 and redis.call('MGET', unpack(keys, 1, strings)) or {}
  for i = strings + 1, feeds do
    local at = 2 * (i - strings) + 2
    if i > sets then reply[i] = feed_page(keys, i, tonumber(args[at]), tonumber(args[at + 1]))
    else reply[i] = redis.call('ZRANGEBYSCORE', keys[i], '(' .. args[at], '+inf', 'WITHSCORES', 'LIMIT', 0, args[at + 1]) end
  end
  if leases > 0 then
    local unknown = {}
    for i = feeds + 1, #keys do
      local lease = redis.call('HMGET', keys[i], 'token', 'turn')
      if not is_vouched(keys[i], lease[1], lease[2]) then unknown[#unknown + 1] = keys[i] end
    end
    reply[feeds + 1] = unknown
  end
  return reply
end

redis.register_function({ function_name = 'relais_reads_' .. VERSION, callback = reads, flags = { 'no-writes' } })
