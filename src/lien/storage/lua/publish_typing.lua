-- Tells the members that one of them is writing.
-- Uses: feed.lua
-- Returns {'ok'}, or {'denied'} if the account is not a member.

local stateKey   = KEYS[1] -- hash: version…
local membersKey = KEYS[2] -- hash: account -> role:generation:since
local shardKey   = KEYS[3] -- hash: feed number of the shard
local feedKey    = KEYS[4] -- stream: what the relays of this shard read
local channel    = ARGV[1] -- [string]
local account    = ARGV[2] -- [string]

if redis.call('HEXISTS', membersKey, account) == 0 then
  return {'denied'}
end
addToFeed(shardKey, feedKey, 100, {
  'k', 't', 'c', channel, 'v', redis.call('HGET', stateKey, 'version') or '0', 'a', account})
return {'ok'}
