-- Appends a gateway's delivery to an inbox, at most once for one id of that gateway.
-- Uses: feed.lua
-- Uses: log.lua
-- Uses: seen.lua
-- Returns {'ok', incarnation, offset, instant}, the same offset and instant again on a retry,
-- or {'moved'} if the account's chain has another length than the one that was judged.

local key = {
  log    = KEYS[1], -- stream: the inbox
  state  = KEYS[2], -- hash: offset, incarnation…
  shard  = KEYS[4], -- hash: incarnation and feed number of the shard
  feed   = KEYS[5], -- stream: what the relays of this shard read
  oldest = KEYS[6], -- sorted set: channel by its oldest entry
}
local chainKey   = KEYS[3] -- list: the links of the account
local SEEN       = 7       -- KEYS[7..11], hashes: device:envelope -> offset:instant:checksum
local channel    = ARGV[1] -- [string] the inbox
local gateway    = ARGV[2] -- [string] who delivers
local delivery   = ARGV[3] -- [string] its id for this, the same on a retry
local links      = tonumber(ARGV[4]) -- [number] length of the chain that was judged
local now        = ARGV[5] -- [number] milliseconds
local header     = ARGV[6] -- [bytes]
local sealed     = ARGV[7] -- [bytes]
local checksum   = ARGV[8] -- [string] 16 hex digits over header and sealed
local seenLifeMs = tonumber(ARGV[9]) -- [number]
local period     = tonumber(ARGV[10]) -- [number] of now

-- A retry was sealed anew, so its bytes differ: the first one stands.
local field = gateway .. ':' .. delivery
local place = readPlace(key)
local seenOffset, seenAt = findSeen(SEEN, place, period, field)
if seenOffset then
  return {'ok', tonumber(place.incarnation), seenOffset, seenAt}
end

-- A link that came in between may have rotated the secret, or let the account go.
if redis.call('LLEN', chainKey) ~= links then
  return {'moved'}
end

local incarnation, offset, at = appendToLog(key, place, channel, now, header, sealed, checksum)
rememberSeen(SEEN, place, key.state, period, field, offset, at, checksum, seenLifeMs)
return {'ok', tonumber(incarnation), tonumber(offset), tonumber(at)}
