-- Purpose: append requests from outside to a partition's mailbox.
-- KEYS 1 in (stream) · 2 wake (shard channel)
-- ARGV 1 backlog limit (entries) · 2 whether the owner must be woken (0: the caller tells it itself) · 3… messages
-- Returns {1, now, backlog before, id…} · {0, now, backlog} when there is no room: nothing is written.
-- Flags none: refused as a whole over maxmemory, which is the back-pressure wanted here and nowhere else.
-- Invariant: the owner is woken exactly when the mailbox was empty.
local function accept(keys, args)
  local backlog = redis.call('XLEN', keys[1])
  if backlog + #args - 2 > tonumber(args[1]) and backlog > 0 then
    return { 0, now_ms(), backlog }
  end
  local reply = { 1, now_ms(), backlog }
  for i = 3, #args do
    reply[i + 1] = redis.call('XADD', keys[1], '*', 'm', args[i])
  end
  if backlog == 0 and args[2] == '1' then
    redis.call('SPUBLISH', keys[2], '')
  end
  return reply
end

calls.accept = accept
redis.register_function({ function_name = 'relais_accept_' .. VERSION, callback = accept, flags = {} })
