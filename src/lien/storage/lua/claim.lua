-- Gives a name to an owner if it still has the owner it is known to have, or none.
-- Returns the owner after the call.

local nameKey  = KEYS[1] -- string: the owner
local expected = ARGV[1] -- [string] owner to take it from, empty for none
local owner    = ARGV[2] -- [string]

local current = redis.call('GET', nameKey) or ''
if current == expected then
  redis.call('SET', nameKey, owner)
  return owner
end
return current
