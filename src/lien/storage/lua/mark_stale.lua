-- Makes a conversation's epoch stale because a member's secret was rotated or a member departed.
-- Returns 1 if the account is a member, else 0.

local stateKey   = KEYS[1] -- hash: stale, marks…
local membersKey = KEYS[2] -- hash: account -> role:generation:since
local account    = ARGV[1] -- [string]

-- Counted even for an account that is not a member yet: a statement that adds it may be on its
-- way, sealed to the old secret, and must be looked at again.
redis.call('HINCRBY', stateKey, 'marks', 1)
if redis.call('HEXISTS', membersKey, account) == 0 then
  return 0
end
redis.call('HSET', stateKey, 'stale', 1)
return 1
