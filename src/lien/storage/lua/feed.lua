-- Functions for scripts that tell the workers something (`-- Uses: feed.lua`).

-- The feed is what the relays read; the log is the truth. So it is short: about 8,192 entries
-- or 32 MiB, whatever comes first, judged by the running mean of an entry's size; age_feed.lua
-- removes what is old.
local FEED_ENTRIES = 8192
local FEED_BYTES = 32 * 1024 * 1024

local function readShard(shardKey)
  local shard = redis.call('HMGET', shardKey, 'incarnation', 'feed', 'size', 'horizon')
  return {
    incarnation = shard[1] or '1', feed = tonumber(shard[2]) or 0,
    size = tonumber(shard[3]) or 512, horizon = tonumber(shard[4]) or 0,
  }
end

-- Adds one entry under the next number, so that a reader sees by itself that one is missing.
-- `shard` is what `readShard` has just said.
local function addToFeedOf(shard, shardKey, feedKey, size, ...)
  local number = string.format('%.0f', shard.feed + 1)
  local mean = math.max(1, math.floor(shard.size * 0.98 + (size + 200) * 0.02 + 0.5))
  local kept = math.max(256, math.min(FEED_ENTRIES, math.floor(FEED_BYTES / mean)))
  if mean == shard.size then
    redis.call('HSET', shardKey, 'feed', number)
  else
    redis.call('HSET', shardKey, 'feed', number, 'size', mean)
  end
  redis.call('XADD', feedKey, 'MAXLEN', '~', kept, number .. '-0', ...)
end

local function addToFeed(shardKey, feedKey, size, fields)
  addToFeedOf(readShard(shardKey), shardKey, feedKey, size, unpack(fields))
end
