-- Purpose: do again a commit that Redis lost (a lossy failover, an older file), from the journal of who made it.
-- KEYS 1 in (stream) · 2 lease · 3 due (zset) · 4 timers (hash) · 5 out (stream) · 6 sent (hash) · 7… keys of operations,
--   as in the commit; last: seen (hash)
-- ARGV 1 number of the commit · 2 mark of the commit before · 3 its mark · 4 epoch of the lease that made it
--   5 entries covered, then id, origin and checksum of each · then timers promoted since the commit before: count, names
--   then sources heard: count, then source, epoch, sequence of each · then operations, as in turn.lua
-- Returns {1, number, mark} when it was done, {0, number, mark} of the last commit here when this one does not follow it:
--   nothing is written. No token: a commit that follows the last one, by number and mark, can only be the one lost.
local CHECKSUM_DIGITS = 8

-- Timers that had become entries: those whose entry is not here become one now, so that a commit done again later, or
-- the next owner, finds it.
local function promote_again(keys, names)
  for _, name in ipairs(names) do
    if redis.call('ZREM', keys[3], name) == 1 then
      local message = redis.call('HGET', keys[4], name)
      if message then redis.call('XADD', keys[1], '*', 'm', message, 'o', '^' .. name) end
      redis.call('HDEL', keys[4], name)
    end
  end
end

-- Entries may only be removed from the front. Those behind come back under their ids, by which later commits name them.
local function keep(key, list, gone)
  local kept = {}
  for i, entry in ipairs(list) do
    if not gone[i] then kept[#kept + 1] = entry end
  end
  local front = #list - #kept
  while front > 0 and gone[front] do front = front - 1 end
  if front == 0 then
    redis.call('XTRIM', key, 'MINID', after(list[#list - #kept][1]))
    return
  end
  local info, newest = redis.call('XINFO', 'STREAM', key), nil
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then newest = info[i + 1] end
  end
  redis.call('UNLINK', key)
  for _, entry in ipairs(kept) do redis.call('XADD', key, entry[1], unpack(entry[2])) end
  redis.call('XSETID', key, newest)
  redis.call('XGROUP', 'CREATE', key, 'engine', '0-0')
end

-- Entries covered leave the stream: under their id or, delivered again meanwhile, by their origin, each once.
-- Returns those that were not there.
local function uncover(keys, covered)
  local list, last = redis.call('XRANGE', keys[1], '-', '+'), 0
  local by_id, by_origin, gone = {}, {}, {}
  for _, one in ipairs(covered) do by_id[one.id] = one end
  for i, entry in ipairs(list) do
    local one = by_id[entry[1]]
    -- An id may have been given again after a loss: it is the same entry when the rest agrees.
    if one and one.origin == (entry[2][4] or '') and one.sum == string.sub(entry[2][2], 1, CHECKSUM_DIGITS) then
      gone[i], one.found, last = true, true, i
    end
  end
  for _, one in ipairs(covered) do
    if not one.found and one.origin ~= '' then
      local same = by_origin[one.origin] or {}
      same[#same + 1] = one
      by_origin[one.origin] = same
    end
  end
  for i, entry in ipairs(list) do
    local same = not gone[i] and by_origin[entry[2][4] or '']
    if same and #same > 0 then
      table.remove(same, 1).found = true
      gone[i], last = true, math.max(last, i)
    end
  end
  if last > 0 then keep(keys[1], list, gone) end
end

-- A timer that an earlier owner promoted and nobody noted: it fired before the entry that was covered.
local function fired(keys, covered)
  for _, one in ipairs(covered) do
    if not one.found and string.sub(one.origin, 1, 1) == '^' then
      local name = string.sub(one.origin, 2)
      local due = redis.call('ZSCORE', keys[3], name)
      if due and tonumber(due) <= tonumber(string.match(one.id, '^%d+')) then
        redis.call('ZREM', keys[3], name)
        redis.call('HDEL', keys[4], name)
      end
    end
  end
end

local function hear(key, source, epoch, sequence)
  local seen = redis.call('HGET', key, source)
  if seen then
    local e, s = string.match(seen, '^(%d+):(%d+)$')
    e, s = tonumber(e), tonumber(s)
    if e > tonumber(epoch) or (e == tonumber(epoch) and s >= tonumber(sequence)) then return end
  end
  redis.call('HSET', key, source, epoch .. ':' .. sequence)
end

-- Later owners began after this commit, too: or it would seem lost to whoever compares with where they began.
local function begin_after(takes, epoch, turn, mark)
  return (string.gsub(takes, '(%d+):(%d+):%w*', function(e, t)
    if tonumber(e) > epoch and tonumber(t) == turn then return e .. ':' .. string.format('%.0f:', turn + 1) .. mark end
  end))
end

-- The take of who made this commit may be lost too: it is noted again, or who was owner before would not learn that
-- its own commits were replaced. What that owner found in the mailbox is not known: anything.
local ANY = '9999999999999-0!'

local function note_again(takes, epoch, turn, mark)
  local noted, own = {}, string.format('%.0f:%.0f:', epoch, turn) .. mark .. ':' .. ANY
  for one in string.gmatch(takes, '[^,]+') do
    local e = tonumber(string.match(one, '^%d+'))
    if e == epoch then return takes end
    if own and e < epoch then
      noted[#noted + 1], own = own, nil
    end
    noted[#noted + 1] = one
  end
  noted[#noted + 1] = own
  -- However many came since, by later clocks: an owner not noted counts as one whose take was lost (repair.ts).
  if own then noted[math.min(#noted, TAKES)] = own end
  return table.concat(noted, ',', 1, math.min(#noted, TAKES))
end

local function redo(keys, args)
  local lease = redis.call('HMGET', keys[2], 'turn', 'mark', 'takes', 'token', 'epoch')
  local turn, mark = tonumber(lease[1] or '0'), lease[2] or ''
  if tonumber(args[1]) ~= turn + 1 or args[2] ~= mark then return { 0, turn, mark } end
  local at = 5
  local function list(step)
    local count, found = tonumber(args[at]), at + 1
    at = at + 1 + count * step
    return found, at - 1
  end
  local covered, promoted = {}, {}
  local from, to = list(3)
  for i = from, to, 3 do covered[#covered + 1] = { id = args[i], origin = args[i + 1], sum = args[i + 2] } end
  from, to = list(1)
  for i = from, to do promoted[#promoted + 1] = args[i] end
  promote_again(keys, promoted)
  if #covered > 0 then
    uncover(keys, covered)
    fired(keys, covered)
  end
  from, to = list(3)
  for i = from, to, 3 do hear(keys[#keys], args[i], args[i + 1], args[i + 2]) end
  while at <= #args do
    local count = tonumber(args[at + 2])
    -- Its answers were given, or nobody waits for them any more.
    if args[at] ~= 'P' then apply[args[at]](keys, args, tonumber(args[at + 1]), at + 3, count) end
    at = at + 3 + count
  end
  if is_vouched(keys[2], lease[4], lease[1]) then vouched[keys[2]] = turn + 1 end
  redis.call('HSET', keys[2], 'turn', args[1], 'mark', args[3],
    'takes', note_again(begin_after(lease[3] or '', tonumber(args[4]), turn, args[3]), tonumber(args[4]), turn, mark))
  -- An owner that took the partition by a clock gone back would send under an earlier one: lease.lua.
  if tonumber(args[4]) > tonumber(lease[5] or '0') then redis.call('HSET', keys[2], 'epoch', args[4]) end
  -- Whatever went one by one is decided, or begins anew.
  if #covered > 0 then redis.call('HSET', keys[2], 'alone', '', 'tries', 0) end
  return { 1, tonumber(args[1]), args[3] }
end

calls.redo = redo
redis.register_function({ function_name = 'relais_redo_' .. VERSION, callback = redo, flags = { 'allow-oom' } })
