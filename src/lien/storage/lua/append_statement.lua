-- Starts an epoch: compare-and-set on its number, members rewritten, keys stored, entry logged.
-- Uses: feed.lua
-- Uses: log.lua
-- Returns {'ok', incarnation, offset}, the same again when this very statement was taken before,
-- or {'taken', current epoch} if another statement has this number or it does not follow,
-- or {'moved'} if a member's secret was rotated since the caller looked: look again.

local key = {
  log    = KEYS[1], -- stream: the channel's entries
  state  = KEYS[2], -- hash: offset, incarnation, epoch, stale, marks, version, statement…
  shard  = KEYS[6], -- hash: incarnation and feed number of the shard
  feed   = KEYS[7], -- stream: what the relays of this shard read
  oldest = KEYS[8], -- sorted set: channel by its oldest entry
}
local membersKey    = KEYS[3] -- hash: account -> role:generation:since
local statementsKey = KEYS[4] -- hash: epoch -> signature and statement; o<epoch> -> offset
local sealedKey     = KEYS[5] -- hash of this epoch: account -> key sealed to it
local channel   = ARGV[1] -- [string]
local epoch     = tonumber(ARGV[2]) -- [number]
local previous  = ARGV[3] -- [string] hex hash of the statement before, empty for epoch 1
local statement = ARGV[4] -- [string] hex hash of this one
local now       = ARGV[5] -- [number] milliseconds
local header    = ARGV[6] -- [bytes]
local sealed    = ARGV[7] -- [bytes] signature and statement
local checksum  = ARGV[8] -- [string] 16 hex digits over header and sealed
local hasPast   = ARGV[9] == '1' -- [boolean] newcomers may read what came before
local marks     = tonumber(ARGV[10]) -- [number] rotations the caller knew of
local isLeaving = ARGV[11] == '1' -- [boolean] the author left: the next sender begins another epoch
local FIRST     = 12 -- from here on, for each member: account, role:generation, sealed key

local state = redis.call('HMGET', key.state, 'epoch', 'statement', 'marks', 'version', 'readable')
local current = tonumber(state[1]) or 0

if epoch <= current then
  if redis.call('HGET', statementsKey, epoch) ~= sealed then
    return {'taken', current}
  end
  local offset = tonumber(redis.call('HGET', statementsKey, 'o' .. epoch))
  return {'ok', tonumber(redis.call('HGET', key.state, 'incarnation')), offset}
end

-- Two statements for one epoch, or one built on a lost one, would fork the members.
if epoch ~= current + 1 or previous ~= (state[2] or '') then
  return {'taken', current}
end

-- A key sealed to a secret that was rotated meanwhile would be open to a revoked device.
if marks ~= (tonumber(state[3]) or 0) then
  return {'moved'}
end

-- First, so that the entry carries the new version and reaches the new members.
redis.call('HSET', key.state, 'epoch', epoch, 'statement', statement, 'stale', isLeaving and 1 or 0,
  'version', (tonumber(state[4]) or 0) + 1)
local incarnation, offset = appendToLog(
  key, readPlace(key), channel, now, header, sealed, checksum)

-- Without the previous key nothing before this entry opens for a newcomer.
local readable = tonumber(state[5]) or offset
if not hasPast then
  readable = offset
end
redis.call('HSET', key.state, 'readable', readable)

local old = redis.call('HGETALL', membersKey)
local since = {}
for index = 1, #old, 2 do
  since[old[index]] = string.match(old[index + 1], '(%d+)$')
end
redis.call('DEL', membersKey)
for index = FIRST, #ARGV, 3 do
  local account = ARGV[index]
  redis.call('HSET', membersKey, account, ARGV[index + 1] .. ':' .. (since[account] or readable))
  redis.call('HSET', sealedKey, account, ARGV[index + 2])
end

redis.call('HSET', statementsKey, epoch, sealed, 'o' .. epoch, offset)
return {'ok', tonumber(incarnation), tonumber(offset)}
