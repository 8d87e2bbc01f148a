-- Notes a blob that is about to be uploaded, once.
-- Returns {'ok'}, or {'there', owner, size, audience, complete} when there is one of this id.

local blobKey  = KEYS[1] -- hash: the blob
local dueKey   = KEYS[2] -- sorted set: blob by the instant it expires
local blob     = ARGV[1] -- [string]
local owner    = ARGV[2] -- [string]
local size     = ARGV[3] -- [number] stored bytes
local audience = ARGV[4] -- [string] who may read it
local now      = ARGV[5] -- [number] milliseconds
local expires  = ARGV[6] -- [number] milliseconds
-- then the accounts that may read it, if it is not for a conversation

local found = redis.call('HMGET', blobKey, 'owner', 'size', 'audience', 'complete')
if found[1] then
  return {'there', found[1], tonumber(found[2]), found[3], tonumber(found[4])}
end
redis.call('HSET', blobKey, 'owner', owner, 'size', size, 'audience', audience, 'created', now,
  'expires', expires, 'complete', 0)
for index = 7, #ARGV do
  redis.call('HSET', blobKey, 'r:' .. ARGV[index], 1)
end
redis.call('ZADD', dueKey, expires, blob)
return {'ok'}
