-- Removes a channel's entries that are older than the horizon, a bounded number of them.
-- Returns {removed, first offset that is left, or the next one to be written}.

local logKey    = KEYS[1] -- stream: the channel's entries
local stateKey  = KEYS[2] -- hash: offset, keep, lead…
local oldestKey = KEYS[3] -- sorted set: channel by its oldest entry
local channel   = ARGV[1] -- [string]
local horizon   = tonumber(ARGV[2]) -- [number] milliseconds
local limit     = tonumber(ARGV[3]) -- [number] entries looked at
local longest   = tonumber(ARGV[4]) -- [number] milliseconds that the deployment keeps

-- What this conversation forgets sooner; computed again, because the deployment's own may change.
local keep = tonumber(redis.call('HGET', stateKey, 'keep'))
local lead = keep and math.max(0, longest - keep) or 0
if keep then
  redis.call('HSET', stateKey, 'lead', string.format('%.0f', lead))
end

local entries = redis.call('XRANGE', logKey, '-', '+', 'COUNT', limit + 1)
local removed = 0
while removed < #entries and removed < limit do
  if tonumber(entries[removed + 1][2][2]) - lead >= horizon then
    break
  end
  removed = removed + 1
end

local first = entries[removed + 1]
if not first then
  redis.call('XTRIM', logKey, 'MAXLEN', 0)
  redis.call('ZREM', oldestKey, channel)
  return {removed, (tonumber(redis.call('HGET', stateKey, 'offset')) or 0) + 1}
end
redis.call('XTRIM', logKey, 'MINID', first[1])
redis.call('ZADD', oldestKey, string.format('%.0f', tonumber(first[2][2]) - lead), channel)
return {removed, tonumber(string.match(first[1], '^(%d+)'))}
