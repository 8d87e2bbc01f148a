-- Gives a shard a new incarnation number after its data were restored.
-- Returns 1.

local shardKey    = KEYS[1] -- hash: incarnation and feed number of the shard
local incarnation = tonumber(ARGV[1]) -- [number]

redis.call('HSET', shardKey, 'incarnation', incarnation)
-- Whoever followed the lost feed must see that it went on elsewhere, and not wait for numbers
-- that are used a second time.
redis.call('HINCRBY', shardKey, 'feed', 1000000)
return 1
