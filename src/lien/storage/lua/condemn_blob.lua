-- Closes a blob for good before its parts are removed, if it is due.
-- Returns 1 when its parts may go, 0 when it was given more time.

local blobKey = KEYS[1] -- hash: the blob
local dueKey  = KEYS[2] -- sorted set: blob by the instant it expires
local blob    = ARGV[1] -- [string]
local now     = tonumber(ARGV[2]) -- [number] milliseconds; a huge one condemns at once

local found = redis.call('HMGET', blobKey, 'expires', 'complete')
local expires = tonumber(found[1])
if expires and expires > now and found[2] ~= '2' then
  return 0
end
if expires then
  redis.call('HSET', blobKey, 'complete', 2)
  -- Found again if whoever removes the parts does not come to the end.
  redis.call('ZADD', dueKey, 0, blob)
end
return 1
