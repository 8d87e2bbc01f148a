-- Forgets the oldest entries of the trail and keeps the hash that the rest follows.
-- Returns 1, or 0 when more was forgotten before.

local headKey  = KEYS[1] -- hash: number, hash, base, base_hash
local trailKey = KEYS[2] -- stream: <number>-0 with d data, h hash
local number   = tonumber(ARGV[1]) -- [number] the last one to forget
local hash     = ARGV[2] -- [bytes] its hash

if number <= (tonumber(redis.call('HGET', headKey, 'base')) or 0) then
  return 0
end
redis.call('HSET', headKey, 'base', number, 'base_hash', hash)
redis.call('XTRIM', trailKey, 'MINID', string.format('%.0f-0', number + 1))
return 1
