-- Purpose: take messages of another partition's outbox into this partition's mailbox, each once and in order.
-- KEYS 1 in (stream) · 2 seen (hash: source → "epoch:sequence") · 3 wake (shard channel)
-- ARGV 1 source partition · 2 "epoch:sequence" of the message before the first one, left out when nobody knows it
--   then per message: epoch, sequence, message
-- Returns {epoch, sequence} last applied from that source after this call.
-- Each message is appended with its origin "source:epoch:sequence", by which a turn done again knows it.
-- Rules: the sequence is dense per (source, destination); older ones are skipped, a gap stops the call before it.
--   A newer epoch may repeat sequences: its source lost them in a failover and wrote others. What was heard of the lost
--   ones hides no gap: the message before must have been heard, in its own epoch or since.
-- Never refused for lack of room (allow-oom): no cycle of full partitions can stop.
local function place(text)
  local e, s = string.match(text, '^(%d+):(%d+)$')
  return tonumber(e), tonumber(s)
end

local function is_after(e, s, epoch, sequence) return e > epoch or (e == epoch and s > sequence) end

local function deliver(keys, args)
  local epoch, sequence = 0, 0
  local seen = redis.call('HGET', keys[2], args[1])
  if seen then epoch, sequence = place(seen) end
  local from, before_epoch, before = 2, 0, 0
  if #args % 3 == 2 then
    before_epoch, before = place(args[2])
    from = 3
  end
  local backlog = -1
  for i = from, #args, 3 do
    local e, s = tonumber(args[i]), tonumber(args[i + 1])
    local fresh = is_after(e, s, epoch, sequence)
    if fresh then
      local gap = s > sequence + 1 or is_after(before_epoch, before, epoch, sequence)
      if gap then break end
      if backlog < 0 then backlog = redis.call('XLEN', keys[1]) end
      redis.call('XADD', keys[1], '*', 'm', args[i + 2], 'o', args[1] .. ':' .. args[i] .. ':' .. args[i + 1])
      epoch, sequence = e, s
    end
    before_epoch, before = e, s
  end
  if backlog >= 0 then
    redis.call('HSET', keys[2], args[1], epoch .. ':' .. sequence)
    if backlog == 0 then redis.call('SPUBLISH', keys[3], '') end
  end
  return { epoch, sequence }
end

calls.deliver = deliver
redis.register_function({ function_name = 'relais_deliver_' .. VERSION, callback = deliver, flags = { 'allow-oom' } })
