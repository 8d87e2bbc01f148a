-- Gives a shard a new incarnation number after its data were restored.
-- Returns 1.
-- Uses: feed.lua

local shardKey    = KEYS[1] -- hash: incarnation and feed number of the shard
local feedKey     = KEYS[2] -- stream: what the relays of this shard read
local incarnation = tonumber(ARGV[1]) -- [number]

redis.call('HSET', shardKey, 'incarnation', incarnation)
-- Whoever followed the lost feed must see that it went on elsewhere, and not wait for numbers
-- that are used a second time. The entry says nothing; that it is there shows the gap at once.
redis.call('HINCRBY', shardKey, 'feed', 1000000)
addToFeed(shardKey, feedKey, 0, {'k', 'n'})
return 1
