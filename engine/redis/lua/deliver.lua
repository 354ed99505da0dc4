-- Purpose: take messages of another partition's outbox into this partition's mailbox, each once and in order.
-- KEYS 1 in (stream) · 2 seen (hash: source → "epoch:sequence") · 3 wake (shard channel)
-- ARGV 1 source partition · then per message: epoch, sequence, message
-- Returns {epoch, sequence} last applied from that source after this call.
-- Each message is appended with its origin "source:epoch:sequence", by which a turn done again knows it.
-- Rules: the sequence is dense per (source, destination); older ones are skipped, a gap stops the call before it.
--   A newer epoch may repeat sequences: its source lost them in a failover and wrote others.
-- Never refused for lack of room (allow-oom): no cycle of full partitions can stop.
local function deliver(keys, args)
  local epoch, sequence = 0, 0
  local seen = redis.call('HGET', keys[2], args[1])
  if seen then
    local e, s = string.match(seen, '^(%d+):(%d+)$')
    epoch, sequence = tonumber(e), tonumber(s)
  end
  local backlog = -1
  for i = 2, #args, 3 do
    local e, s = tonumber(args[i]), tonumber(args[i + 1])
    local fresh = (e == epoch and s > sequence) or e > epoch
    if fresh then
      if s > sequence + 1 then break end
      if backlog < 0 then backlog = redis.call('XLEN', keys[1]) end
      redis.call('XADD', keys[1], '*', 'm', args[i + 2], 'o', args[1] .. ':' .. args[i] .. ':' .. args[i + 1])
      epoch, sequence = e, s
    end
  end
  if backlog >= 0 then
    redis.call('HSET', keys[2], args[1], epoch .. ':' .. sequence)
    if backlog == 0 then redis.call('SPUBLISH', keys[3], '') end
  end
  return { epoch, sequence }
end

calls.deliver = deliver
redis.register_function({ function_name = 'relais_deliver_' .. VERSION, callback = deliver, flags = { 'allow-oom' } })
