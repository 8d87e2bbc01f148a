-- Reads who receives each of some channels of one shard, and where it ends, at one moment.
-- Returns {incarnation of the shard, [{version, offset, [accounts]} for each channel]};
-- {0, 0, []} for one that does not exist.

local shardKey = KEYS[1] -- hash: incarnation of the shard
-- then for each channel:   KEYS[2i] hash: state, KEYS[2i + 1] hash: members

local audiences = {}
for index = 2, #KEYS, 2 do
  local state = redis.call('HMGET', KEYS[index], 'version', 'offset')
  audiences[index / 2] = {
    tonumber(state[1]) or 0, tonumber(state[2]) or 0, redis.call('HKEYS', KEYS[index + 1])}
end
return {tonumber(redis.call('HGET', shardKey, 'incarnation')) or 1, audiences}
