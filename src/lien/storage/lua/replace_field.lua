-- Replaces a field of a hash if it is there, so that a removal is never undone by an update.
-- Returns 1, or 0 when there is no such field.

local hashKey = KEYS[1] -- hash
local field   = ARGV[1] -- [string]
local value   = ARGV[2] -- [bytes]

if redis.call('HEXISTS', hashKey, field) == 0 then
  return 0
end
redis.call('HSET', hashKey, field, value)
return 1
