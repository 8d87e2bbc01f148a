-- Registers a gateway by a code that is taken once.
-- Returns {'ok'}, also when the same gateway registers the same key with the same code again,
-- or {'denied'} if the code is none or was taken, or the gateway's id is another's.

local codeKey     = KEYS[1] -- hash: name, structure, days; taken: the gateway and its key
local gatewayKey  = KEYS[2] -- hash: certificate, signature…
local allKey      = KEYS[3] -- set: gateways
local gateway     = ARGV[1] -- [string]
local public      = ARGV[2] -- [bytes]
local certificate = ARGV[3] -- [bytes]
local signature   = ARGV[4] -- [bytes] the attestor's
local now         = ARGV[5] -- [number] milliseconds

if redis.call('EXISTS', codeKey) == 0 then
  return {'denied'}
end
local taken = redis.call('HGET', codeKey, 'taken')
if taken then
  return {taken == gateway .. public and 'ok' or 'denied'}
end
if redis.call('EXISTS', gatewayKey) == 1 then
  return {'denied'}
end
redis.call('HSET', codeKey, 'taken', gateway .. public)
redis.call('HSET', gatewayKey, 'certificate', certificate, 'signature', signature, 'registered', now)
redis.call('SADD', allKey, gateway)
return {'ok'}
