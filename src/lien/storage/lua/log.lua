-- Functions for scripts that write a channel's log (`-- Uses: log.lua`, after feed.lua).

-- Appends one entry under the next offset, in the shard's current incarnation.
-- Returns incarnation, offset, instant.
local function appendToLog(key, channel, now, header, sealed, checksum)
  local state = redis.call('HMGET', key.state, 'offset', 'at', 'incarnation', 'version')
  local current = tonumber(redis.call('HGET', key.shard, 'incarnation')) or 1
  local before = tonumber(state[1]) or 0
  local incarnation = tonumber(state[3]) or current

  -- The first entry after a restore: what follows `before` is a new stream.
  if incarnation < current then
    redis.call('HSET', key.state, 'start:' .. current, before)
    incarnation = current
  end

  -- Instants only inform, but trimming relies on their order: a clock that went back waits.
  local at = math.max(now, tonumber(state[2]) or 0)
  local offset = before + 1
  redis.call('HSET', key.state, 'offset', offset, 'at', at, 'incarnation', incarnation)
  redis.call('XADD', key.log, string.format('%.0f-0', offset),
    't', at, 'h', header, 's', sealed, 'c', checksum)
  redis.call('ZADD', key.oldest, 'NX', at, channel)
  addToFeed(key.shard, key.feed, #header + #sealed, {
    'k', 'e', 'c', channel, 'v', state[4] or '0', 'i', incarnation, 'o', offset,
    'at', at, 'h', header, 's', sealed})
  return incarnation, offset, at
end
