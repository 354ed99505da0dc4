-- Purpose: know a state that came from elsewhere than these functions. What follows lives in the memory of one run of one
--   server, is written to no file and copied to no replica: a server that was started on its file, a replica that was
--   promoted, keys put back from a copy show a lease that this memory does not know.
-- A lease holds for the run of the server that gave it, so each of these makes its owner take the partition anew, compare
-- it with the journals, and vouch for it by its first turn. Until then whoever reads is refused (reads.lua).
-- Two versions of these functions have a memory each. What the other one's owner vouches for is noted in the lease, for
-- that token, by that version, in that run of the server: field sure.

-- lease key → token given here; lease key → number of the last commit that an owner vouched for
local given, vouched = {}, {}
-- lease key → number of the last commit seen there under another library's lease
local seen = {}
-- Of its name, enough to tell: short fields keep a lease small.
local RUN_DIGITS, run = 16, nil

-- What the field says of a lease vouched for by a library.
local function sure_of(token, library)
  -- A server chooses it when it starts, and takes it from no file and no master.
  run = run or string.match(redis.call('INFO', 'server'), 'run_id:(%x+)'):sub(1, RUN_DIGITS)
  return token .. ' ' .. run .. ' ' .. library
end

-- Of a lease not given here: whether its own library vouched. A note that bears our name came from a copy, for what we
-- gave is in our memory; so did one with fewer commits than were seen.
local function is_vouched(key, token, turn)
  if not token then return false end
  local last = tonumber(turn or '0')
  if given[key] == token then return vouched[key] == last end
  local sure = redis.call('HGET', key, 'sure') or ''
  local library = string.match(sure, '^%S+ %S+ (%S+)$')
  if not library or library == VERSION or sure ~= sure_of(token, library) or last < (seen[key] or 0) then return false end
  seen[key] = last
  return true
end

-- The owner of a lease given here vouches for that commit, from now on.
local function vouch(key, turn)
  if not vouched[key] then redis.call('HSET', key, 'sure', sure_of(given[key], VERSION)) end
  vouched[key] = turn
end
