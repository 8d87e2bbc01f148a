-- Ends a session: it cannot be renewed, and every worker refuses its token from now on.
-- Uses: feed.lua
-- Returns 1 if it was open, else 0; the workers are told in both cases.

local sessionsKey  = KEYS[1] -- hash: session -> device:started:ends
local endedKey     = KEYS[2] -- sorted set: account:device:session by when
local shardKey     = KEYS[3] -- hash: feed number of the shard
local feedKey      = KEYS[4] -- stream: what the relays of this shard read
local account      = ARGV[1] -- [string]
local device       = ARGV[2] -- [string]
local session      = ARGV[3] -- [string]
local now          = ARGV[4] -- [number] milliseconds
local forgetBefore = ARGV[5] -- [number] what ended before is in no valid token any more
local closeCode    = ARGV[6] -- [number]

local wasOpen = redis.call('HDEL', sessionsKey, session)
redis.call('ZADD', endedKey, now, account .. ':' .. device .. ':' .. session)
redis.call('ZREMRANGEBYSCORE', endedKey, '-inf', '(' .. forgetBefore)
addToFeed(shardKey, feedKey, 100, {'k', 'x', 'a', account, 'd', device, 's', session, 'n', closeCode})
return wasOpen
