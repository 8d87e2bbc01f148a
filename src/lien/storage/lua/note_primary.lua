-- Notes on which primary a shard is written, and gives it a new incarnation on another one.
-- Uses: feed.lua
-- Returns 0, or the new incarnation.

local shardKey = KEYS[1] -- hash: primary, incarnation and feed number of the shard
local feedKey  = KEYS[2] -- stream: what the relays of this shard read
local primary  = ARGV[1] -- [string] who has the shard now
local least    = tonumber(ARGV[2]) -- [number] the new incarnation is at least this

local known = redis.call('HGET', shardKey, 'primary')
if known == primary then
  return 0
end
redis.call('HSET', shardKey, 'primary', primary)
if not known then
  return 0
end

-- Not only one more: a replica that missed an earlier election would give the number that
-- election gave. So `least` rises from election to election.
local incarnation = math.max((tonumber(redis.call('HGET', shardKey, 'incarnation')) or 1) + 1, least)
redis.call('HSET', shardKey, 'incarnation', incarnation)
-- Followers must see at once that numbers are missing, not with the next message.
redis.call('HINCRBY', shardKey, 'feed', 1000000)
addToFeed(shardKey, feedKey, 100, {'k', 'i'})
return incarnation
