-- Reads who receives a channel, and where it ends, at one moment.
-- Returns {version, offset, [accounts]}; {0, 0, []} when there is no such conversation.

local stateKey   = KEYS[1] -- hash: version, offset…
local membersKey = KEYS[2] -- hash: account -> role:generation:since

local state = redis.call('HMGET', stateKey, 'version', 'offset')
return {tonumber(state[1]) or 0, tonumber(state[2]) or 0, redis.call('HKEYS', membersKey)}
