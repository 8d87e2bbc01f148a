-- Functions for scripts that tell the workers something (`-- Uses: feed.lua`).

-- The feed is what the relays read; the log is the truth. So it is short: about 8,192 entries
-- or 32 MiB, whatever comes first, judged by the running mean of an entry's size; age_feed.lua
-- removes what is old.
local FEED_ENTRIES = 8192
local FEED_BYTES = 32 * 1024 * 1024

-- Adds one entry under the next number, so that a reader sees by itself that one is missing.
local function addToFeed(shardKey, feedKey, size, fields)
  local shard = redis.call('HMGET', shardKey, 'feed', 'size')
  local number = (tonumber(shard[1]) or 0) + 1
  local mean = tonumber(shard[2]) or 512
  mean = math.max(1, math.floor(mean * 0.98 + (size + 200) * 0.02 + 0.5))
  local kept = math.max(256, math.min(FEED_ENTRIES, math.floor(FEED_BYTES / mean)))
  redis.call('HSET', shardKey, 'feed', number, 'size', mean)
  redis.call('XADD', feedKey, 'MAXLEN', '~', kept, string.format('%.0f-0', number), unpack(fields))
end
