-- Purpose: compare what a server was started with, element by element, with what the journal wrote there last; and put
--   right what differs. A flipped bit in a name of the append-only file leaves an older, sound record in place.

-- Digits of their SHA-1 by which texts are compared.
local COMPARED = 16
local HOLDS = {
  S = 'string', Z = 'zset', R = 'zset', H = 'hash', X = 'hash', C = 'hash',
  Q = 'list', V = 'list', Y = 'list',
  A = 'stream', W = 'stream', N = 'stream', J = 'stream', L = 'stream', O = 'stream', T = 'stream', M = 'stream',
}

local look = {
  s = function(key) return redis.pcall('GET', key) end,
  z = function(key, member) return redis.pcall('ZSCORE', key, member) end,
  h = function(key, field) return redis.pcall('HGET', key, field) end,
  l = function(key, number)
    local first = redis.pcall('LINDEX', key, 0)
    if not first or type(first) == 'table' then return first end
    local place = tonumber(number) - entry_sequence(first)
    return place >= 0 and redis.pcall('LINDEX', key, place) or false
  end,
  x = function(key, number)
    local list = redis.pcall('XRANGE', key, number .. '-0', number .. '-0')
    if list.err then return list end
    return #list > 0 and '1' or false
  end,
}

local function same(kind, value, expected)
  if type(value) == 'table' then return false end
  if not value or value == '' or expected == '' then return (value or '') == expected end
  -- scores may be written in more than one way
  if kind == 'z' then return tonumber(value) == tonumber(expected) end
  return kind == 'x' or string.sub(redis.sha1hex(value), 1, COMPARED) == expected
end

-- KEYS as many as wanted
-- ARGV per key: kind (s string · z sorted set · h hash · x stream · l feed), count, then count times element, score or
--   digest expected ('' there is none); of a string the element is ''
-- Returns the numbers of the elements that differ, counted through all keys from 1
local function differs(keys, args)
  local found, at, number = {}, 1, 0
  for k = 1, #keys do
    local kind, count = args[at], tonumber(args[at + 1])
    at = at + 2
    for _ = 1, count do
      number = number + 1
      if not same(kind, look[kind](keys[k], args[at]), args[at + 1]) then found[#found + 1] = number end
      at = at + 2
    end
  end
  return found
end

-- Entries can only be appended to a stream: all go, and come back with the missing ones among them.
local function put_back(keys, args, key, from, count)
  local list, missing = redis.call('XRANGE', keys[key], '-', '+'), {}
  local i = from
  while i < from + count do
    local fields = {}
    for j = 1, tonumber(args[i + 1]) do fields[j] = args[i + 1 + j] end
    missing[#missing + 1] = { args[i] .. '-0', fields }
    i = i + 2 + #fields
  end
  local last = ''
  local info = redis.pcall('XINFO', 'STREAM', keys[key])
  for n = 1, info.err and 0 or #info, 2 do
    if info[n] == 'last-generated-id' then last = info[n + 1] end
  end
  for _, entry in ipairs(missing) do list[#list + 1] = entry end
  table.sort(list, function(a, b) return tonumber(string.match(a[1], '^%d+')) < tonumber(string.match(b[1], '^%d+')) end)
  redis.call('UNLINK', keys[key])
  for _, entry in ipairs(list) do redis.call('XADD', keys[key], entry[1], unpack(entry[2])) end
  local top = list[#list][1]
  if last ~= '' and tonumber(string.match(last, '^%d+')) > tonumber(string.match(top, '^%d+')) then
    redis.call('XSETID', keys[key], last)
  end
end

-- Entries of a feed go back to their places: the one that bears the same sequence is replaced.
local function put_back_feed(keys, args, key, from, count)
  local entries, found = {}, {}
  for i = from, from + count - 1 do found[entry_sequence(args[i])] = args[i] end
  for _, entry in ipairs(redis.call('LRANGE', keys[key], 0, -1)) do
    local sequence = entry_sequence(entry)
    found[sequence] = found[sequence] or entry
  end
  for sequence, entry in pairs(found) do entries[#entries + 1] = { sequence, entry } end
  table.sort(entries, function(a, b) return a[1] < b[1] end)
  redis.call('UNLINK', keys[key])
  for _, one in ipairs(entries) do redis.call('RPUSH', keys[key], one[2]) end
end

-- KEYS 1 lease · 2… keys of operations · ARGV 1 token · 2 mark of the last commit compared with · 3… operations as in
-- turn.lua; and M: entries missing from a stream: number, count of fields and values, these; and Y: entries missing from
-- a feed. A key that holds something else goes first.
-- Returns 1, or refuses another's token (FENCED), or a state that a later commit, done again meanwhile by whoever had it in
-- its journal, has changed: what it wrote would be undone (BEHIND).
local function heal(keys, args)
  local lease = redis.call('HMGET', keys[1], 'token', 'mark')
  if lease[1] ~= args[1] then return redis.error_reply('FENCED another engine owns this partition') end
  if lease[2] ~= args[2] then return redis.error_reply('BEHIND the last commit here is another') end
  local at = 3
  while at <= #args do
    local code, key, count = args[at], tonumber(args[at + 1]), tonumber(args[at + 2])
    local row = (code == 'S' or code == 'D') and count or 1
    for i = key, key + row - 1 do
      local kind = redis.call('TYPE', keys[i]).ok
      if HOLDS[code] and kind ~= 'none' and kind ~= HOLDS[code] then redis.call('UNLINK', keys[i]) end
    end
    local act = code == 'M' and put_back or code == 'Y' and put_back_feed or apply[code]
    act(keys, args, key, at + 3, count)
    at = at + 3 + count
  end
  return 1
end

-- KEYS and operations as in turn.lua. A key that holds something else, by damage, would stop the call in its middle, again
-- and again: it goes.
-- Returns the names of such keys.
local function fit(keys, args)
  local unfit, at = {}, 1
  while at <= #args do
    local code, key, count = args[at], tonumber(args[at + 1]), tonumber(args[at + 2])
    for i = key, key + ((code == 'S' or code == 'D') and count or 1) - 1 do
      local kind = redis.call('TYPE', keys[i]).ok
      if HOLDS[code] and kind ~= 'none' and kind ~= HOLDS[code] then
        redis.call('UNLINK', keys[i])
        unfit[#unfit + 1] = keys[i]
      end
    end
    at = at + 3 + count
  end
  return unfit
end

calls.fit = fit
redis.register_function({ function_name = 'relais_fit_' .. VERSION, callback = fit, flags = { 'allow-oom' } })
calls.heal = heal
redis.register_function({ function_name = 'relais_heal_' .. VERSION, callback = heal, flags = { 'allow-oom' } })
calls.differs = differs
redis.register_function({ function_name = 'relais_differs_' .. VERSION, callback = differs, flags = { 'no-writes' } })
