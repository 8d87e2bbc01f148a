-- Makes a finished import the directory that everyone reads, if it still holds the lock.
-- Returns 1, or 0 when another import took over.

local lockKey        = KEYS[1] -- string: token of the running import
local currentKey     = KEYS[2] -- hash: what is read now
local token          = ARGV[1] -- [string]
local generation     = ARGV[2] -- [number]
local extractDate    = ARGV[3] -- [string] YYYY-MM-DD
local people         = ARGV[4] -- [number]
local importedAt     = ARGV[5] -- [number] milliseconds

if redis.call('GET', lockKey) ~= token then
  return 0
end
redis.call('HSET', currentKey, 'generation', generation, 'extract_date', extractDate,
  'people', people, 'imported_at_ms', importedAt)
redis.call('DEL', lockKey)
return 1
