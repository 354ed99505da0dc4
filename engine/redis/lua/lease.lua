-- Purpose: say which engine owns a partition. Expiry only decides who may take; safety is the token every turn shows.
-- The lease record is never deleted and never expires: its epoch only grows. It is the time of the take, so that a
-- failover that lost the last take does not give its epoch again: destinations would skip the new messages that bear
-- the sequences of lost ones. Where the clock went back too, the journals know: the taker's own, and those that did
-- commits again (redo.lua). The nonce makes a token unique all the same.
-- Fields: token "epoch:nonce", owner "member#generation" ('' when given up in good order), until (ms), done (last
--   committed id), first, read and n (entries handed out with the last commit: ids of the first and last, count),
--   tries (owners that died since the last commit while entries waited), alone (entries up to this id are handed out
--   one by one: some entry among them may kill its owner), epoch (the latest one of a commit done again), sure (vouch.lua).

-- Takes remembered: epoch, number and mark of the last commit then, id after which the mailbox was given none, and "!" when
-- nobody vouched for that state. "epoch:turn:mark:id!", newest first: owners change a few times a day, and who comes back late looks within minutes.
local TAKES = 64

-- Below a second: the clock is soon ahead again.
local EPOCHS_SKIPPED = 1000

local function take_note(keys, epoch, turn, mark, known, earlier)
  local id = '0-0'
  local info = redis.pcall('XINFO', 'STREAM', keys[2])
  for i = 1, info.err and 0 or #info, 2 do
    if info[i] == 'last-generated-id' then id = info[i + 1] end
  end
  local takes = { string.format('%.0f:%.0f:', epoch, turn) .. mark .. ':' .. id .. (known and '' or '!') }
  for one in string.gmatch(earlier or '', '[^,]+') do
    if #takes < TAKES then takes[#takes + 1] = one end
  end
  return table.concat(takes, ',')
end

local function member(owner) return string.match(owner or '', '^(.*)#') or '' end

-- KEYS 1 lease · 2 in (stream)
-- ARGV 1 owner "member#generation" · 2 nonce · 3 lease time (ms) · 4 tries before entries go alone
--   5 tries to add: what this owner's own faults count for · 6 the latest epoch its journal knows
-- Returns {1, token, epoch, tries, alone, turn, mark, earlier takes, vouched} or {0, owner, until} when another's lease
-- runs; vouched is 0 when this state came from a file, another server or a copy (vouch.lua). A new generation of the same
-- member takes at once: its predecessor is gone. So does anyone when a lease ends later than any given now would: the
-- clock went back.
local function take(keys, args)
  local now = now_ms()
  local lease = redis.call('HMGET', keys[1], 'token', 'owner', 'until', 'done', 'tries', 'alone', 'turn', 'mark', 'takes',
    'epoch')
  local until_ms, owner = tonumber(lease[3] or '0'), lease[2] or ''
  if until_ms > now and until_ms <= now + tonumber(args[3]) and owner ~= '' and member(owner) ~= member(args[1]) then
    return { 0, owner, until_ms }
  end
  local epoch = now
  local before = lease[1] and tonumber(string.match(lease[1], '^%d+')) or 0
  before = math.max(before, tonumber(lease[10] or '0'), tonumber(args[6] or '0'))
  -- A clock that went back: not the very next number, which a failover may have lost and would give again.
  if before >= now then epoch = before + 1 + (tonumber(string.sub(args[2], 1, 4), 16) or 0) % EPOCHS_SKIPPED end
  local token = epoch .. ':' .. args[2]
  local done, tries, alone = lease[4] or '0-0', tonumber(lease[5] or '0'), lease[6] or ''
  local died, faults = owner ~= '' and owner ~= args[1], tonumber(args[5] or '0')
  local last = redis.call('XREVRANGE', keys[2], '+', '-', 'COUNT', 1)
  if (died or faults > 0) and #last > 0 then
    tries = tries + faults + (died and 1 or 0)
    if tries >= tonumber(args[4]) and alone == '' then alone = last[1][1] end
  end
  local turn = tonumber(lease[7] or '0')
  local known = is_vouched(keys[1], lease[1], lease[7])
  given[keys[1]], vouched[keys[1]] = token, nil
  redis.call('HSET', keys[1], 'token', token, 'owner', args[1], 'until', now + tonumber(args[3]),
    'done', done, 'n', 0, 'tries', tries, 'alone', alone)
  if known then vouch(keys[1], turn) end
  redis.call('HSET', keys[1], 'takes', take_note(keys, epoch, turn, lease[8] or '', known, lease[9]))
  local group = redis.pcall('XGROUP', 'CREATE', keys[2], 'engine', done, 'MKSTREAM')
  if group.err then redis.call('XGROUP', 'SETID', keys[2], 'engine', done) end
  return { 1, token, epoch, tries, alone, turn, lease[8] or '', lease[9] or '', known and 1 or 0 }
end

-- KEYS 1 lease · ARGV 1 token · 2 lease time (ms). For an owner that is not ready for its first turn yet.
local function renew(keys, args)
  if redis.call('HGET', keys[1], 'token') ~= args[1] then return 0 end
  redis.call('HSET', keys[1], 'until', now_ms() + tonumber(args[2]))
  return 1
end

-- KEYS 1 lease · 2 free (shard channel) · ARGV 1 token. Returns 1, or 0 when the token is no longer the one.
local function drop(keys, args)
  if redis.call('HGET', keys[1], 'token') ~= args[1] then return 0 end
  redis.call('HSET', keys[1], 'until', 0, 'owner', '')
  redis.call('SPUBLISH', keys[2], '')
  return 1
end

-- Takes a partition from whoever owns it, for who moves its slot; again with its token, to keep it.
-- KEYS 1 lease · ARGV 1 owner "member#generation" · 2 nonce · 3 lease time (ms) · 4 token held, '' at first
-- Returns {token, owner before}. What the owner before has under way is refused (FENCED), and nobody takes it until the
-- time is over. Takes are not remembered: who holds commits nothing.
local function hold(keys, args)
  local now = now_ms()
  local lease = redis.call('HMGET', keys[1], 'token', 'owner')
  local token = args[4]
  if token == '' then
    local epoch = now
    if lease[1] then epoch = math.max(now, tonumber(string.match(lease[1], '^%d+')) + 1) end
    token = string.format('%.0f', epoch) .. ':' .. args[2]
  elseif token ~= lease[1] then
    return redis.error_reply('FENCED another holds this partition')
  end
  redis.call('HSET', keys[1], 'token', token, 'owner', args[1], 'until', now + tonumber(args[3]), 'n', 0)
  return { token, lease[2] or '' }
end

calls.take = take
redis.register_function({ function_name = 'relais_take_' .. VERSION, callback = take, flags = { 'allow-oom' } })
calls.renew = renew
redis.register_function({ function_name = 'relais_renew_' .. VERSION, callback = renew, flags = { 'allow-oom' } })
calls.hold = hold
redis.register_function({ function_name = 'relais_hold_' .. VERSION, callback = hold, flags = { 'allow-oom' } })
calls.drop = drop
redis.register_function({ function_name = 'relais_drop_' .. VERSION, callback = drop, flags = { 'allow-oom' } })
