-- Trims a shard's feed by age: what was there at the last mark goes when the mark is old enough.
-- Returns the number of entries removed.

local shardKey = KEYS[1] -- hash: feed number, aged (a feed number), marked (its instant)
local feedKey  = KEYS[2] -- stream: what the relays of this shard read
local lifeMs   = tonumber(ARGV[1]) -- [number] entries live this long, and twice as long at most

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local shard = redis.call('HMGET', shardKey, 'feed', 'aged', 'marked')
local marked = tonumber(shard[3])

-- A clock that went back begins a new life; one that jumped ahead makes devices resume.
if marked and now >= marked and now - marked < lifeMs then
  return 0
end
local removed = 0
if marked and now > marked then
  removed = redis.call('XTRIM', feedKey, 'MINID', string.format('%.0f-0', tonumber(shard[2]) + 1))
end
redis.call('HSET', shardKey, 'aged', shard[1] or 0, 'marked', now)
return removed
