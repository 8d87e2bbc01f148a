-- Appends links to an account's chain, all or none, if it is still what they were verified against.
-- Uses: feed.lua
-- Returns {1, new length}, or {0, length} when another link came first.
--
-- A revoked device is also written where a starting worker reads it and told to the workers on the
-- feed; an account whose secret became stale or new is written down until its conversations know.

local accountKey   = KEYS[1] -- hash: head, label:<device>…
local chainKey     = KEYS[2] -- list: signature and bytes of each link
local earlierKey   = KEYS[3] -- hash: generation -> wrapped secret
local vaultKey     = KEYS[4] -- hash: wrapper -> generation:wrapped secret
local endedKey     = KEYS[5] -- sorted set: account:device:session by when
local unsettledKey = KEYS[6] -- sorted set: account by its number of links
local shardKey     = KEYS[7] -- hash: feed number of the shard
local feedKey      = KEYS[8] -- stream: what the relays of this shard read
local accountsKey  = KEYS[9] -- set: every account of the shard
local sessionsKey  = KEYS[10] -- hash: session -> device:started:ends
local account      = ARGV[1] -- [string]
local length       = tonumber(ARGV[2]) -- [number] links there must be
local head         = ARGV[3] -- [bytes] hash of the last of them, empty for none
local newHead      = ARGV[4] -- [bytes]
local now          = ARGV[5] -- [number] milliseconds
local forgetBefore = ARGV[6] -- [number] what ended before is in no valid token any more
local closeCode    = ARGV[7] -- [number] for the sockets that this ends
local unsettles    = ARGV[8] -- [number] 1: the conversations of the account become stale
-- ARGV[9…]: five lists, each preceded by its number of elements: links; fields and values of
-- the account; generations and earlier secrets; wrappers and vault entries; revoked devices, of
-- which an empty one stands for the whole account.

local at = 9
local function nextList()
  local count = tonumber(ARGV[at])
  local list = {}
  for place = 1, count do
    list[place] = ARGV[at + place]
  end
  at = at + count + 1
  return list
end

if redis.call('LLEN', chainKey) ~= length or (redis.call('HGET', accountKey, 'head') or '') ~= head then
  return {0, redis.call('LLEN', chainKey)}
end

local newLength = redis.call('RPUSH', chainKey, unpack(nextList()))
redis.call('HSET', accountKey, 'head', newHead, unpack(nextList()))
redis.call('SADD', accountsKey, account)
for _, key in ipairs({earlierKey, vaultKey}) do
  local pairsOf = nextList()
  if #pairsOf > 0 then
    redis.call('HSET', key, unpack(pairsOf))
  end
end
for _, device in ipairs(nextList()) do
  redis.call('ZADD', endedKey, now, account .. ':' .. device .. ':')
  if device == '' then
    redis.call('DEL', sessionsKey)
  end
  addToFeed(shardKey, feedKey, 100, {'k', 'x', 'a', account, 'd', device, 's', '', 'n', closeCode})
end
redis.call('ZREMRANGEBYSCORE', endedKey, '-inf', '(' .. forgetBefore)
if unsettles == '1' then
  redis.call('ZADD', unsettledKey, newLength, account)
end
return {1, newLength}
