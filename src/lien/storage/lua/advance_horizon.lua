-- Moves the instant before which a shard's entries may be trimmed, slowly and by one worker.
-- Returns {1, horizon} to the worker that now trims, or {0, horizon} if one did a moment ago.

local shardKey   = KEYS[1] -- hash: horizon, swept (milliseconds of the store's clock)
local wanted     = tonumber(ARGV[1]) -- [number] now less the retention, milliseconds
local longestMs  = tonumber(ARGV[2]) -- [number] no step is longer than this
local intervalMs = tonumber(ARGV[3]) -- [number] between two sweeps

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local shard = redis.call('HMGET', shardKey, 'horizon', 'swept')
local horizon = tonumber(shard[1])
local swept = tonumber(shard[2])

if swept and now >= swept and now - swept < intervalMs then
  return {0, horizon}
end

-- A clock that jumps ahead for a moment must not erase days of messages: each sweep goes one
-- step at most, which leaves an operator the time to see it.
horizon = math.max(horizon or 0, math.min(wanted, (horizon or wanted) + longestMs))
redis.call('HSET', shardKey, 'horizon', horizon, 'swept', now)
return {1, horizon}
