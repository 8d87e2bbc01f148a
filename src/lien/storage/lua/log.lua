-- Functions for scripts that write a channel's log (`-- Uses: log.lua`, after feed.lua).

-- Reads what an append must know of the channel and of its shard. Numbers stay text until they
-- are counted with: turning one into the other is a tenth of an append.
local function readPlace(key)
  local state = redis.call('HMGET', key.state,
    'offset', 'at', 'incarnation', 'version', 'epoch', 'stale', 'seenfrom', 'seento', 'lead')
  return {
    offset = tonumber(state[1]) or 0, at = tonumber(state[2]) or 0,
    incarnation = state[3], version = state[4] or '0',
    epoch = tonumber(state[5]) or 0, isStale = state[6] == '1',
    seenFrom = tonumber(state[7]), seenTo = tonumber(state[8]),
    lead = tonumber(state[9]) or 0, -- ms by which this channel forgets before the deployment does
  }
end

-- Appends one entry under the next offset, in the shard's current incarnation.
-- Returns incarnation, offset, instant: text that is a number.
local function appendToLog(key, place, channel, now, header, sealed, checksum)
  local shard = readShard(key.shard)
  local incarnation = place.incarnation or shard.incarnation

  -- The first entry after a restore: what follows `place.offset` is a new stream.
  if incarnation ~= shard.incarnation and tonumber(incarnation) < tonumber(shard.incarnation) then
    redis.call('HSET', key.state, 'start:' .. shard.incarnation,
      string.format('%.0f', place.offset))
    incarnation = shard.incarnation
  end

  -- Instants only inform, but trimming relies on their order: a clock that went back waits.
  local at = now
  if tonumber(now) < place.at then
    at = string.format('%.0f', place.at)
  end
  local offset = string.format('%.0f', place.offset + 1)
  if incarnation == place.incarnation then
    redis.call('HSET', key.state, 'offset', offset, 'at', at)
  else
    redis.call('HSET', key.state, 'offset', offset, 'at', at, 'incarnation', incarnation)
  end
  redis.call('XADD', key.log, offset .. '-0', 't', at, 'h', header, 's', sealed, 'c', checksum)
  -- While the entry before cannot have been trimmed, the channel is noted with an older one.
  if place.offset == 0 or place.at - place.lead < shard.horizon then
    redis.call('ZADD', key.oldest, 'NX', string.format('%.0f', tonumber(at) - place.lead), channel)
  end
  local short = 'm ' .. channel .. ' ' .. place.version .. ' ' .. incarnation .. ' ' .. offset .. ' ' .. at
  addToFeedOf(shard, key.shard, key.feed, #header + #sealed,
    'k', short, 'h', header, 's', sealed)
  return incarnation, offset, at
end
