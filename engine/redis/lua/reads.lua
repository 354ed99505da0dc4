-- Purpose: what the requests of one moment read, in one command: strings, pages of sorted sets, pages of feeds.
-- KEYS strings, then sorted sets, then feeds · ARGV 1 number of strings · 2 number of sets
--   3… per set, then per feed: score or sequence its page begins after, entries at most
-- Returns the value of each string (nil when there is none), then for each set {member, score, member, score…}, then
--   for each feed its entries. A feed is a list without a hole: its first entry says where any other is.
local function feed_page(keys, i, after, limit)
  local first = redis.call('LINDEX', keys[i], 0)
  if not first then return {} end
  -- behind the seal of 9 characters (records/seal.ts)
  local sequence = tonumber(string.match(first, '^(%w+)', 10), 36)
  local from = math.max(after + 1 - sequence, 0)
  return redis.call('LRANGE', keys[i], from, from + limit - 1)
end

local function reads(keys, args)
  local strings = tonumber(args[1])
  local reply = strings > 0 and redis.call('MGET', unpack(keys, 1, strings)) or {}
  local sets = tonumber(args[2])
  for i = strings + 1, #keys do
    local at = 2 * (i - strings) + 1
    if i > strings + sets then reply[i] = feed_page(keys, i, tonumber(args[at]), tonumber(args[at + 1]))
    else reply[i] = redis.call('ZRANGEBYSCORE', keys[i], '(' .. args[at], '+inf', 'WITHSCORES', 'LIMIT', 0, args[at + 1]) end
  end
  return reply
end

redis.register_function({ function_name = 'relais_reads_' .. VERSION, callback = reads, flags = { 'no-writes' } })
