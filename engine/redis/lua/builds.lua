-- Purpose: which builds of the product run on this hub, and the format all of them write (engine/domain/format.ts).
--   Both in one call each: no process joins between the last look at those that run and the raising of the format.
-- KEYS 1 meta (hash; its field format, absent in hubs made before there was one) · 2 builds (hash: process → "at max text")
local FIRST_FORMAT = '1'

-- Those heard of lately: what they said, and the last format they read. Of a time to come: the clock went back.
local function running(key, silence)
  local now, texts, reads, gone = now_ms(), {}, {}, {}
  local all = redis.call('HGETALL', key)
  for i = 1, #all, 2 do
    local at, max, text = string.match(all[i + 1], '^(%d+) (%d+) (.*)$')
    if math.abs(now - tonumber(at)) <= silence then
      texts[#texts + 1], reads[#reads + 1] = text, tonumber(max)
    else
      gone[#gone + 1] = all[i]
    end
  end
  return texts, reads, gone
end

-- ARGV 1 process ('' only looks) · 2 silence after which one no longer counts (ms) · 3 first and 4 last format it reads · 5 what it says of itself
-- Returns {format, what each of those that run says}. One that does not read the hub's format is not noted.
local function announce(keys, args)
  local format = redis.call('HGET', keys[1], 'format') or FIRST_FORMAT
  local texts, _, gone = running(keys[2], tonumber(args[2]))
  local known = tonumber(args[3]) <= tonumber(format) and tonumber(format) <= tonumber(args[4])
  if args[1] ~= '' and known then
    redis.call('HSET', keys[2], args[1], string.format('%.0f ', now_ms()) .. args[4] .. ' ' .. args[5])
    if #gone > 0 then redis.call('HDEL', keys[2], unpack(gone)) end
  end
  return { tonumber(format), texts }
end

-- ARGV 1 format wanted · 2 silence (ms)
-- Returns {format, what each of those says that do not read the wanted one}: with any, nothing is written. Never lowers it.
local function finalise(keys, args)
  local format, wanted = tonumber(redis.call('HGET', keys[1], 'format') or FIRST_FORMAT), tonumber(args[1])
  local texts, reads = running(keys[2], tonumber(args[2]))
  local behind = {}
  for i, max in ipairs(reads) do
    if max < wanted then behind[#behind + 1] = texts[i] end
  end
  if #behind > 0 or wanted <= format then return { format, behind } end
  redis.call('HSET', keys[1], 'format', args[1])
  return { wanted, behind }
end

-- KEYS 1 builds · ARGV 1 process: it ends in good order.
local function retire(keys, args)
  return redis.call('HDEL', keys[1], args[1])
end

calls.retire = retire
redis.register_function({ function_name = 'relais_retire_' .. VERSION, callback = retire, flags = { 'allow-oom' } })
calls.announce = announce
redis.register_function({ function_name = 'relais_announce_' .. VERSION, callback = announce, flags = { 'allow-oom' } })
calls.finalise = finalise
redis.register_function({ function_name = 'relais_finalise_' .. VERSION, callback = finalise, flags = { 'allow-oom' } })
