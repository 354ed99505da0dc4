-- Purpose: several calls of one process in one command: one fsync for all of them, and none of the cost of a MULTI.
--   On a single server only: in a cluster each call goes to its own slot.
-- KEYS all keys of all calls, in order · ARGV per call: name, number of keys, number of arguments, arguments
-- Returns the replies in order; a refusal is an error in its place and does not touch the others.
-- `accepts` is the same for requests from outside: without allow-oom, refused as a whole over maxmemory.
local function batch(keys, args)
  local replies, key, at = {}, 0, 1
  while at <= #args do
    local call, nkeys, nargs = calls[args[at]], tonumber(args[at + 1]), tonumber(args[at + 2])
    local own_keys, own_args = {}, {}
    for i = 1, nkeys do own_keys[i] = keys[key + i] end
    for i = 1, nargs do own_args[i] = args[at + 2 + i] end
    local ok, reply = pcall(call, own_keys, own_args)
    if not ok and type(reply) ~= 'table' then reply = { err = 'ERR ' .. tostring(reply) } end
    replies[#replies + 1] = reply
    key, at = key + nkeys, at + 3 + nargs
  end
  return replies
end

redis.register_function({ function_name = 'relais_batch_' .. VERSION, callback = batch, flags = { 'allow-oom' } })
redis.register_function({ function_name = 'relais_accepts_' .. VERSION, callback = batch, flags = {} })
