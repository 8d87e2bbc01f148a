-- Appends an envelope to a conversation, at most once, sealed with the current epoch's key only.
-- Uses: feed.lua
-- Uses: log.lua
-- Uses: seen.lua
-- Returns {'ok', incarnation, offset, instant, version of the membership},
-- or {'ok', incarnation, offset, instant}, the same three again, on a retry,
-- or {'denied'} if the account is not a member or there is no such conversation,
-- or {'reused'} if the device used this id for other bytes,
-- or {'stale', current epoch} if a newer epoch exists or one is needed first.

local key = {
  log    = KEYS[1], -- stream: the channel's entries
  state  = KEYS[2], -- hash: offset, incarnation, epoch, stale…
  shard  = KEYS[4], -- hash: incarnation and feed number of the shard
  feed   = KEYS[5], -- stream: what the relays of this shard read
  oldest = KEYS[6], -- sorted set: channel by its oldest entry
}
local membersKey = KEYS[3] -- hash: account -> role:generation:since
local SEEN       = 7       -- KEYS[7..11], hashes: device:envelope -> offset:instant:checksum
local channel    = ARGV[1] -- [string]
local account    = ARGV[2] -- [string] who sends
local device     = ARGV[3] -- [string] with which device
local epoch      = tonumber(ARGV[4]) -- [number] epoch whose key sealed the envelope
local seenLifeMs = ARGV[5] -- [number]
local period     = tonumber(ARGV[6]) -- [number] of now
local envelope   = ARGV[7] -- [string] id chosen by the device, the same on a retry
local now        = ARGV[8] -- [number] milliseconds
local header     = ARGV[9] -- [bytes]
local sealed     = ARGV[10] -- [bytes]
local checksum   = ARGV[11] -- [string] 16 hex digits over header and sealed

if redis.call('HEXISTS', membersKey, account) == 0 then
  return {'denied'}
end

local field = device .. ':' .. envelope
local place = readPlace(key)
local seenOffset, seenAt, seenChecksum = findSeen(SEEN, place, period, field)
if seenOffset then
  if seenChecksum ~= checksum then
    return {'reused'}
  end
  return {'ok', tonumber(place.incarnation), seenOffset, seenAt}
end

-- A stale epoch's key may be known to a removed member or a revoked device, so the sender
-- makes a new epoch first.
if epoch ~= place.epoch or place.isStale then
  return {'stale', place.epoch}
end

local incarnation, offset, at = appendToLog(key, place, channel, now, header, sealed, checksum)
rememberSeen(SEEN, place, key.state, period, field, offset, at, checksum, seenLifeMs)
return {'ok', tonumber(incarnation), tonumber(offset), tonumber(at), tonumber(place.version)}
