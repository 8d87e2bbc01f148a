-- Appends a notice of the server to an inbox, at most once for one id.
-- Uses: feed.lua
-- Uses: log.lua
-- Uses: seen.lua
-- Returns {incarnation, offset, instant}, the same offset and instant again on a retry.

local key = {
  log    = KEYS[1], -- stream: the inbox
  state  = KEYS[2], -- hash: offset, incarnation…
  shard  = KEYS[3], -- hash: incarnation and feed number of the shard
  feed   = KEYS[4], -- stream: what the relays of this shard read
  oldest = KEYS[5], -- sorted set: channel by its oldest entry
}
local SEEN       = 6       -- KEYS[6..10], hashes: device:envelope -> offset:instant:checksum
local channel    = ARGV[1] -- [string] the inbox
local envelope   = ARGV[2] -- [string] the notice's id
local now        = ARGV[3] -- [number] milliseconds
local header     = ARGV[4] -- [bytes]
local sealed     = ARGV[5] -- [bytes] the notice in clear
local checksum   = ARGV[6] -- [string] 16 hex digits over header and sealed
local seenLifeMs = tonumber(ARGV[7]) -- [number]
local period     = tonumber(ARGV[8]) -- [number] of now

local field = ':' .. envelope
local place = readPlace(key)
local seenOffset, seenAt = findSeen(SEEN, place, period, field)
if seenOffset then
  return {tonumber(place.incarnation), seenOffset, seenAt}
end

local incarnation, offset, at = appendToLog(key, place, channel, now, header, sealed, checksum)
rememberSeen(SEEN, place, key.state, period, field, offset, at, checksum, seenLifeMs)
return {tonumber(incarnation), tonumber(offset), tonumber(at)}
