-- Purpose: append requests from outside to a partition's mailbox.
-- KEYS 1 in (stream) · 2 wake (shard channel)
-- ARGV 1 backlog limit (entries) · 2… messages
-- Returns {1, now, backlog before} · {0, now, backlog} when there is no room: nothing is written.
-- Flags none: refused as a whole over maxmemory, which is the back-pressure wanted here and nowhere else.
-- Invariant: the owner is woken exactly when the mailbox was empty.
local function accept(keys, args)
  local backlog = redis.call('XLEN', keys[1])
  if backlog + #args - 1 > tonumber(args[1]) and backlog > 0 then
    return { 0, now_ms(), backlog }
  end
  for i = 2, #args do redis.call('XADD', keys[1], '*', 'm', args[i]) end
  if backlog == 0 then redis.call('SPUBLISH', keys[2], '') end
  return { 1, now_ms(), backlog }
end

calls.accept = accept
redis.register_function({ function_name = 'relais_accept_' .. VERSION, callback = accept, flags = {} })
