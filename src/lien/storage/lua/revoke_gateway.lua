-- Writes the revocation of a gateway, unless it has one: the first instant stands.
-- Returns 1, or 0 if there was one, or no such gateway.

local gatewayKey = KEYS[1] -- hash: certificate, signature…
local revocation = ARGV[1] -- [bytes]
local signature  = ARGV[2] -- [bytes] the attestor's

if redis.call('EXISTS', gatewayKey) == 0 or redis.call('HEXISTS', gatewayKey, 'revocation') == 1 then
  return 0
end
redis.call('HSET', gatewayKey, 'revocation', revocation, 'revocation_signature', signature)
return 1
