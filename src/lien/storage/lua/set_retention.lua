-- Sets how long a conversation keeps its entries, on behalf of one of its admins.
-- Returns {'ok'}, or {'denied'} if the account is no admin of it or there is no such conversation.

local logKey     = KEYS[1] -- stream: the channel's entries
local stateKey   = KEYS[2] -- hash: keep, lead…
local membersKey = KEYS[3] -- hash: account -> role:generation:since
local oldestKey  = KEYS[4] -- sorted set: channel by its oldest entry, less its lead
local channel = ARGV[1] -- [string]
local account = ARGV[2] -- [string] who asks
local keep    = tonumber(ARGV[3]) -- [number] milliseconds
local longest = tonumber(ARGV[4]) -- [number] milliseconds that the deployment keeps

local member = redis.call('HGET', membersKey, account)
if not member or string.sub(member, 1, 6) ~= 'admin:' then
  return {'denied'}
end

local lead = math.max(0, longest - keep)
redis.call('HSET', stateKey, 'keep', string.format('%.0f', keep), 'lead', string.format('%.0f', lead))
local first = redis.call('XRANGE', logKey, '-', '+', 'COUNT', 1)[1]
if first then
  redis.call('ZADD', oldestKey, string.format('%.0f', tonumber(first[2][2]) - lead), channel)
end
return {'ok'}
