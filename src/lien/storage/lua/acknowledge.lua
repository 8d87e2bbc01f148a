-- Moves a device's cursor, and tells the others when the person's delivered or read mark rises.
-- Uses: feed.lua
-- Returns {'ok'}, also when nothing moved, or {'denied'} if the account may not read the channel.

local stateKey    = KEYS[1] -- hash: offset, incarnation, version…
local membersKey  = KEYS[2] -- hash: account -> role:generation:since
local cursorsKey  = KEYS[3] -- hash: device -> incarnation:offset
local receiptsKey = KEYS[4] -- hash: account:level -> offset
local shardKey    = KEYS[5] -- hash: incarnation and feed number of the shard
local feedKey     = KEYS[6] -- stream: what the relays of this shard read
local channel     = ARGV[1] -- [string]
local account     = ARGV[2] -- [string]
local device      = ARGV[3] -- [string]
local isInbox     = ARGV[4] == '1' -- [boolean] the account's own inbox: no members, no receipts
local toldUpTo    = tonumber(ARGV[5]) -- [number] members of the largest conversation that is told
local incarnation = tonumber(ARGV[6]) -- [number]
local offset      = tonumber(ARGV[7]) -- [number] all up to here is stored, or read
local level       = tonumber(ARGV[8]) -- [number] 1 delivered, 2 read

if not isInbox and redis.call('HEXISTS', membersKey, account) == 0 then
  return {'denied'}
end

-- A position of another stream, or beyond its end, says nothing: the device resumes first.
local state = redis.call('HMGET', stateKey, 'offset', 'incarnation', 'version')
local current = tonumber(redis.call('HGET', shardKey, 'incarnation')) or 1
if incarnation ~= current or offset > (tonumber(state[1]) or 0) then
  return {'ok'}
end

local stored = redis.call('HGET', cursorsKey, device) or '0:0'
local storedIncarnation, storedOffset = string.match(stored, '^(%d+):(%d+)$')
if tonumber(storedIncarnation) ~= incarnation or tonumber(storedOffset) < offset then
  redis.call('HSET', cursorsKey, device, string.format('%.0f:%.0f', incarnation, offset))
end
if isInbox then
  return {'ok'}
end

-- What is read was delivered. Only the highest level that rises is told.
local told = 0
for each = 1, level do
  local field = account .. ':' .. each
  if offset > (tonumber(redis.call('HGET', receiptsKey, field)) or 0) then
    redis.call('HSET', receiptsKey, field, offset)
    told = each
  end
end
-- Everyone telling everyone costs the square of the members: a large conversation is asked for
-- its receipts instead (GET …/receipts).
if told > 0 and redis.call('HLEN', membersKey) <= toldUpTo then
  addToFeed(shardKey, feedKey, 100, {
    'k', 'r', 'c', channel, 'v', state[3] or '0', 'a', account, 'l', told, 'o', offset})
end
return {'ok'}
