-- Reads where channels of one shard stand, for an account that may read them.
-- Returns {incarnation of the shard, [{since, [state fields]} or nil for each channel]}: nil when
-- the account may not read it or there is none.

local shardKey = KEYS[1] -- hash: incarnation of the shard
-- then for each channel:   KEYS[2i] hash: state, KEYS[2i + 1] hash: members
local account  = ARGV[1] -- [string]
-- then for each channel:   ARGV[1 + i] '1' if it is the account's own inbox

local states = {}
for index = 1, #ARGV - 1 do
  local since = '1:1:1'
  if ARGV[1 + index] ~= '1' then
    since = redis.call('HGET', KEYS[2 * index + 1], account)
  end
  if since then
    states[index] = {
      tonumber(string.match(since, '(%d+)$')), redis.call('HGETALL', KEYS[2 * index])}
  else
    states[index] = false
  end
end
return {tonumber(redis.call('HGET', shardKey, 'incarnation')) or 1, states}
