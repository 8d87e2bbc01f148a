-- Takes a lease for one owner, or keeps it for the one who has it.
-- Returns 1 when the owner has it now, else 0.

local leaseKey     = KEYS[1] -- string: the owner
local owner        = ARGV[1] -- [string]
local milliseconds = tonumber(ARGV[2]) -- [number] how long

local current = redis.call('GET', leaseKey)
if current and current ~= owner then
  return 0
end
redis.call('SET', leaseKey, owner, 'PX', milliseconds)
return 1
