-- Functions for scripts that must not write one envelope twice (`-- Uses: seen.lua`).

-- The duplicate table is a few hashes, one per period of a third of its life, so that old ones
-- go as a whole. KEYS from `first` on: next period (a clock may have gone back), this one, and
-- three earlier ones.
local SEEN_KEYS = 5

-- Returns offset, instant, checksum of an envelope that was written before, else nil.
local function findSeen(first, field)
  for index = first, first + SEEN_KEYS - 1 do
    local found = redis.call('HGET', KEYS[index], field)
    if found then
      local offset, at, checksum = string.match(found, '^(%d+):(%d+):(%x+)$')
      return tonumber(offset), tonumber(at), checksum
    end
  end
  return nil
end

-- Remembers it. A period's hash lives `lifeMs` from its first entry: a cache that outlives
-- every outbox by a whole period, so no clock jump of hours can shorten what is promised.
local function rememberSeen(first, field, offset, at, checksum, lifeMs)
  local key = KEYS[first + 1]
  redis.call('HSET', key, field, string.format('%.0f:%.0f:%s', offset, at, checksum))
  if redis.call('HLEN', key) == 1 then
    redis.call('PEXPIRE', key, lifeMs)
  end
end
