-- Says that a blob is whole, or begins its life anew if it was said before.
-- Returns 'ok', 'missing' when a part is, 'gone' when there is no such blob.

local blobKey = KEYS[1] -- hash: the blob
local dueKey  = KEYS[2] -- sorted set: blob by the instant it expires
local blob    = ARGV[1] -- [string]
local parts   = tonumber(ARGV[2]) -- [number] how many there must be
local expires = ARGV[3] -- [number] milliseconds

local complete = redis.call('HGET', blobKey, 'complete')
if complete == false or complete == '2' then
  return 'gone'
end
if complete == '0' then
  for number = 0, parts - 1 do
    if redis.call('HEXISTS', blobKey, 'p' .. number) == 0 then
      return 'missing'
    end
  end
end
redis.call('HSET', blobKey, 'complete', 1, 'expires', expires)
redis.call('ZADD', dueKey, expires, blob)
return 'ok'
