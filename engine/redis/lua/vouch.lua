-- Purpose: know a state that came from elsewhere than these functions. What follows lives in the memory of one run of one
--   server, is written to no file and copied to no replica: a server that was started on its file, a replica that was
--   promoted, keys put back from a copy show a lease that this memory does not know.
-- A lease holds for the run of the server that gave it, so each of these makes its owner take the partition anew, compare
-- it with the journals, and vouch for it by its first turn. Until then whoever reads is refused (reads.lua).

-- lease key → token given here; lease key → number of the last commit that an owner vouched for
local given, vouched = {}, {}

local function is_vouched(key, token, turn)
  return token and given[key] == token and vouched[key] == tonumber(turn or '0')
end
