-- Notes that a part of a blob is on disk, once.
-- Returns 'ok', 'differs' when another part has its place, 'gone' when there is no such blob.

local blobKey  = KEYS[1] -- hash: the blob
local number   = ARGV[1] -- [number] of the part, from 0
local checksum = ARGV[2] -- [string]

if redis.call('HGET', blobKey, 'owner') == false or redis.call('HGET', blobKey, 'complete') == '2' then
  return 'gone'
end
local field = 'p' .. number
local found = redis.call('HGET', blobKey, field)
if found then
  return found == checksum and 'ok' or 'differs'
end
redis.call('HSET', blobKey, field, checksum)
return 'ok'
