-- Simulated time in ms: a key that the simulation sets before each call.
local function now_ms()
  return tonumber(redis.call('GET', '{sim}:now'))
end
