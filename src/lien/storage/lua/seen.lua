-- Functions for scripts that must not write one envelope twice (`-- Uses: seen.lua`).

-- The duplicate table is a few hashes, one per period of a third of its life, so that old ones
-- go as a whole. KEYS from `first` on: next period (a clock may have gone back), this one, and
-- three earlier ones. The channel's state knows the first and the last period with anything in
-- it, so that no question is asked about the others.
local SEEN_KEYS = 5

-- Returns offset, instant, checksum of an envelope that was written before, else nil.
local function findSeen(first, place, period, field)
  for index = 0, SEEN_KEYS - 1 do
    local each = period + 1 - index
    if not place.seenTo or (place.seenFrom <= each and each <= place.seenTo) then
      local found = redis.call('HGET', KEYS[first + index], field)
      if found then
        local offset, at, checksum = string.match(found, '^(%d+):(%d+):(%x+)$')
        return tonumber(offset), tonumber(at), checksum
      end
    end
  end
  return nil
end

-- Remembers it. A period's hash lives `lifeMs` from its first entry: a cache that outlives
-- every outbox by a whole period, so no clock jump of hours can shorten what is promised.
local function rememberSeen(first, place, stateKey, period, field, offset, at, checksum, lifeMs)
  local key = KEYS[first + 1]
  redis.call('HSET', key, field, offset .. ':' .. at .. ':' .. checksum)
  if period ~= place.seenTo then
    redis.call('PEXPIRE', key, lifeMs)
    redis.call('HSET', stateKey,
      'seenfrom', math.min(period, place.seenFrom or period),
      'seento', math.max(period, place.seenTo or period))
  end
end
