-- Tells every worker to close the sockets of an account, one device or one session of it.
-- Uses: feed.lua
-- Returns 1.

local shardKey = KEYS[1] -- hash: feed number of the shard
local feedKey  = KEYS[2] -- stream: what the relays of this shard read
local account  = ARGV[1] -- [string]
local device   = ARGV[2] -- [string] or empty: every device
local session  = ARGV[3] -- [string] or empty: every session
local code     = ARGV[4] -- [number] close code

addToFeed(shardKey, feedKey, 100, {'k', 'x', 'a', account, 'd', device, 's', session, 'n', code})
return 1
