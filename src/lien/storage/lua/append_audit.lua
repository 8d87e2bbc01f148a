-- Appends entries to the trail if its end is still what they were hashed to follow.
-- Returns {1}, or {0, number, hash} of the real end.

local headKey  = KEYS[1] -- hash: number, hash, base, base_hash
local trailKey = KEYS[2] -- stream: <number>-0 with d data, h hash
-- KEYS[3…]: sorted sets, one for each account concerned: its numbers
local number = tonumber(ARGV[1]) -- [number] entries there must be
local hash   = ARGV[2] -- [bytes] hash of the last of them
local kept   = ARGV[3] -- [number] seconds an account's index outlives its last entry
local FIRST  = 4       -- from here on, for each entry: data, hash, place of its account or 0

local head = redis.call('HMGET', headKey, 'number', 'hash', 'base')
local current = tonumber(head[1]) or 0
if current ~= number or (current > 0 and head[2] ~= hash) then
  return {0, current, head[2] or ''}
end

for at = FIRST, #ARGV, 3 do
  number = number + 1
  hash = ARGV[at + 1]
  redis.call('XADD', trailKey, string.format('%.0f-0', number), 'd', ARGV[at], 'h', hash)
  local owner = tonumber(ARGV[at + 2])
  if owner > 0 then
    local ownKey = KEYS[2 + owner]
    redis.call('ZADD', ownKey, number, number)
    redis.call('ZREMRANGEBYSCORE', ownKey, '-inf', tonumber(head[3]) or 0)
    redis.call('EXPIRE', ownKey, kept)
  end
end
redis.call('HSET', headKey, 'number', number, 'hash', hash)
return {1}
