-- Purpose: one turn of a partition's owner: commit the effects of batch N, acknowledge and trim it, promote due
--   timers, renew the lease, hand out batch N+1. All or nothing; refused for any token but the current one.
-- KEYS 1 in (stream) · 2 lease · 3 due (zset) · 4 timers (hash) · 5 out (stream) · 6 sent (hash) · 7… keys of operations
-- ARGV 1 token · 2 lease time (ms) · 3 entries wanted (0: none) · 4 bytes wanted · 5 look at timers (1/0)
--   6 entries covered (0: no commit) · 7 first id covered · 8 last id covered
--   9 number of this commit in the partition's life (0: it writes nothing) · 10 mark of the commit before · 11 its own
--   12… operations
-- An operation is: code, key number, count, then its arguments (see `apply`).
-- Returns {now, backlog, next due ('' when not looked at, -1 when none), names of timers promoted, id, message, origin…}
--   An origin tells where a message came from: "source:epoch:sequence" by a lane, "^name" a timer, "@turn.place" from a
--   turn of this partition, '' from a request.
-- Refusals, before anything is written: FENCED (token, or one given by another run of the server) · BEHIND (the commit before is not the last one: Redis lost some)
--   · HOLE (the ids are not the oldest ones of the stream) · GAP (an outgoing sequence is not the next one)
-- Invariants: an entry leaves the stream in the very call that applies its effects; trimming never passes the last
--   committed id; nothing can fail after the first write. Only XTRIM by the id after the last one: XDEL with XTRIM
--   may leave a node that newer servers refuse to load.
local SLICE = 4000

local function sliced(command, key, args, from, to, step)
  local size = SLICE - SLICE % step
  for i = from, to, size do
    redis.call(command, key, unpack(args, i, math.min(i + size - 1, to)))
  end
end

-- Of an entry of a feed, behind the seal of 9 characters (records/seal.ts, codecs/feed.ts); base 36.
local function entry_sequence(entry)
  return tonumber(string.match(entry, '^(%w+)', 10) or '0', 36)
end

local apply = {
  -- strings: count values for as many keys from that number on
  S = function(keys, args, key, from, count)
    local pairs_, n = {}, 0
    for i = 0, count - 1 do
      pairs_[n + 1], pairs_[n + 2] = keys[key + i], args[from + i]
      n = n + 2
      if n >= SLICE then
        redis.call('MSET', unpack(pairs_, 1, n))
        n = 0
      end
    end
    if n > 0 then redis.call('MSET', unpack(pairs_, 1, n)) end
  end,
  -- deletes as many keys from that number on; as many empty arguments
  D = function(keys, _, key, _, count)
    for i = key, key + count - 1 do redis.call('UNLINK', keys[i]) end
  end,
  Z = function(keys, args, key, from, count) sliced('ZADD', keys[key], args, from, from + count - 1, 2) end,
  R = function(keys, args, key, from, count) sliced('ZREM', keys[key], args, from, from + count - 1, 1) end,
  -- appends to a feed; takes off its entries before a sequence
  Q = function(keys, args, key, from, count) sliced('RPUSH', keys[key], args, from, from + count - 1, 1) end,
  V = function(keys, args, key, from)
    local first = redis.call('LINDEX', keys[key], 0)
    local gone = first and tonumber(args[from]) - entry_sequence(first) or 0
    if gone > 0 then redis.call('LTRIM', keys[key], gone, -1) end
  end,
  H = function(keys, args, key, from, count) sliced('HSET', keys[key], args, from, from + count - 1, 2) end,
  X = function(keys, args, key, from, count) sliced('HDEL', keys[key], args, from, from + count - 1, 1) end,
  -- appends messages to a stream: origin, message
  A = function(keys, args, key, from, count)
    for i = from, from + count - 1, 2 do redis.call('XADD', keys[key], '*', 'm', args[i + 1], 'o', args[i]) end
  end,
  -- appends messages to a stream under given ids
  W = function(keys, args, key, from, count)
    for i = from, from + count - 1, 2 do redis.call('XADD', keys[key], args[i], 'm', args[i + 1]) end
  end,
  -- appends one message under a given number
  N = function(keys, args, key, from, count)
    for i = from, from + count - 1, 2 do redis.call('XADD', keys[key], args[i] .. '-0', 'm', args[i + 1]) end
  end,
  -- removes entries by number; only from streams that are never trimmed
  J = function(keys, args, key, from, count)
    for i = from, from + count - 1 do redis.call('XDEL', keys[key], args[i] .. '-0') end
  end,
  -- appends one entry of several fields: number, then fields and values
  L = function(keys, args, key, from, count)
    redis.call('XADD', keys[key], args[from] .. '-0', unpack(args, from + 1, from + count - 1))
  end,
  -- outbox: number, destination, sequence, epoch, message
  O = function(keys, args, key, from, count)
    for i = from, from + count - 1, 5 do
      redis.call('XADD', keys[key], args[i] .. '-0', 'd', args[i + 1], 's', args[i + 2], 'e', args[i + 3], 'm', args[i + 4])
      redis.call('HSET', keys[6], args[i + 1], args[i + 2])
    end
  end,
  -- trims a stream below a number
  T = function(keys, args, key, from) redis.call('XTRIM', keys[key], 'MINID', args[from]) end,
  -- counters: field, increment
  C = function(keys, args, key, from, count)
    for i = from, from + count - 1, 2 do redis.call('HINCRBY', keys[key], args[i], args[i + 1]) end
  end,
  -- answers to an API process
  P = function(keys, args, key, from, count)
    for i = from, from + count - 1 do redis.call('SPUBLISH', keys[key], args[i]) end
  end,
}

local function gap(keys, args)
  local expected = {}
  local i = 12
  while i <= #args do
    local count = tonumber(args[i + 2])
    if args[i] == 'O' then
      for j = i + 3, i + 2 + count, 5 do
        local to, sequence = args[j + 1], tonumber(args[j + 2])
        local last = expected[to] or tonumber(redis.call('HGET', keys[6], to) or '0')
        if sequence ~= last + 1 then return true end
        expected[to] = sequence
      end
    end
    i = i + 3 + count
  end
  return false
end

local function after(id)
  local ms, sequence = string.match(id, '^(%d+)-(%d+)$')
  return ms .. '-' .. string.format('%.0f', tonumber(sequence) + 1)
end

local function promote(keys, now, reply)
  local due = redis.call('ZRANGEBYSCORE', keys[3], '-inf', now, 'LIMIT', 0, TIMERS_PER_TURN)
  for _, name in ipairs(due) do
    local message = redis.call('HGET', keys[4], name)
    if message then redis.call('XADD', keys[1], '*', 'm', message, 'o', '^' .. name) end
    redis.call('ZREM', keys[3], name)
    redis.call('HDEL', keys[4], name)
  end
  local next_due = redis.call('ZRANGE', keys[3], 0, 0, 'WITHSCORES')
  reply[3], reply[4] = next_due[2] or '-1', due
end

-- The stream holds exactly what is not committed, so batch N+1 is its head once batch N is trimmed. Reading writes
-- nothing: a turn that only reads costs no fsync.
local function hand_out(keys, reply, entries, bytes)
  local n, from = 0, '-'
  while entries > n and bytes > 0 do
    local step = math.min(entries - n, 64)
    local list = redis.call('XRANGE', keys[1], from, '+', 'COUNT', step)
    for _, entry in ipairs(list) do
      if bytes <= 0 then break end
      local at = #reply
      reply[at + 1], reply[at + 2], reply[at + 3] = entry[1], entry[2][2], entry[2][4] or ''
      bytes = bytes - #entry[2][2]
      from = '(' .. entry[1]
      n = n + 1
    end
    if #list < step then break end
  end
  return n
end

local function oldest(keys, covered, first, last)
  local list = redis.call('XRANGE', keys[1], '-', last, 'COUNT', covered + 1)
  return #list == covered and list[1][1] == first and list[covered][1] == last
end

local function turn(keys, args)
  local lease = redis.call('HMGET', keys[2], 'token', 'until', 'n', 'first', 'read', 'alone', 'turn', 'mark')
  if lease[1] ~= args[1] then return redis.error_reply('FENCED another engine owns this partition') end
  if given[keys[2]] ~= args[1] then return redis.error_reply('FENCED another run of the server gave this lease') end
  local number = tonumber(args[9])
  if args[10] ~= (lease[8] or '') or (number > 0 and number ~= tonumber(lease[7] or '0') + 1) then
    return redis.error_reply('BEHIND the last commit here is ' .. (lease[7] or '0'))
  end
  local covered, first, last = tonumber(args[6]), args[7], args[8]
  if covered > 0 then
    local handed = covered == tonumber(lease[3]) and first == lease[4] and last == lease[5]
    if not handed and not oldest(keys, covered, first, last) then
      return redis.error_reply('HOLE the ids are not the oldest ones')
    end
  end
  if gap(keys, args) then return redis.error_reply('GAP in the outgoing sequence') end

  local now, ttl = now_ms(), tonumber(args[2])
  local i = 12
  while i <= #args do
    local count = tonumber(args[i + 2])
    apply[args[i]](keys, args, tonumber(args[i + 1]), i + 3, count)
    i = i + 3 + count
  end
  if covered > 0 then
    redis.call('XTRIM', keys[1], 'MINID', after(last))
    -- For whoever looks on: a group destroyed by hand comes back with the next take.
    redis.pcall('XGROUP', 'SETID', keys[1], 'engine', last)
  end
  if number > 0 then redis.call('HSET', keys[2], 'turn', number, 'mark', args[11]) end
  vouch(keys[2], number > 0 and number or tonumber(lease[7] or '0'))
  local reply = { now, 0, '', {} }
  if args[5] == '1' then promote(keys, now, reply) end
  local n = 0
  local wanted = tonumber(args[3])
  if wanted > 0 then n = hand_out(keys, reply, wanted, tonumber(args[4])) end
  if covered > 0 then
    local alone = lease[6] or ''
    if alone == last then alone = '' end
    redis.call('HSET', keys[2], 'until', now + ttl, 'done', last, 'tries', 0, 'alone', alone, 'n', n,
      'first', n > 0 and reply[5] or '', 'read', n > 0 and reply[#reply - 2] or '')
  elseif tonumber(lease[2]) - now < ttl / 2 then
    redis.call('HSET', keys[2], 'until', now + ttl)
  end
  reply[2] = redis.call('XLEN', keys[1])
  return reply
end

calls.turn = turn
redis.register_function({ function_name = 'relais_turn_' .. VERSION, callback = turn, flags = { 'allow-oom' } })
