-- Takes tokens from a bucket that fills at a constant rate, all of them or none.
-- Returns 0 when there were enough, else the milliseconds until there will be.

local bucketKey = KEYS[1] -- hash: tokens, at (milliseconds of the server's clock)
local capacity  = tonumber(ARGV[1]) -- [number] tokens of a full bucket
local perSecond = tonumber(ARGV[2]) -- [number] tokens that come back each second
local count     = tonumber(ARGV[3]) -- [number] tokens to take, at most the capacity

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local held = redis.call('HMGET', bucketKey, 'tokens', 'at')
local tokens = tonumber(held[1]) or capacity
local at = tonumber(held[2]) or now

-- A clock that went back gives nothing and takes nothing.
if now > at then
  tokens = math.min(capacity, tokens + (now - at) * perSecond / 1000)
  at = now
end

if tokens < count then
  return math.ceil((count - tokens) * 1000 / perSecond)
end

redis.call('HSET', bucketKey, 'tokens', tostring(tokens - count), 'at', string.format('%.0f', at))
-- A full bucket and no bucket are the same.
redis.call('PEXPIRE', bucketKey, math.ceil(capacity * 1000 / perSecond) + 1000)
return 0
