-- Counts a try of a PIN before anyone looks at it: tries made at once are not more tries.
-- Returns {} when there is no such PIN; {wait, left} with the milliseconds to wait, {0, 0} when it was
-- destroyed; or {0, left, account, device, public, share}. With the last try the share is gone:
-- whoever finds that the try was right stores it again.

local pinKey = KEYS[1] -- hash: account, device, public, share, tries, until
local now    = tonumber(ARGV[1]) -- [number] milliseconds
local pauses = #ARGV - 1 -- ARGV[2...]: [number] the pause after each wrong try, in milliseconds

local held = redis.call('HMGET', pinKey, 'tries', 'until', 'account', 'device', 'public', 'share')
if not held[3] then
  return {}
end
if not held[6] then
  return {0, 0}
end

local tries = tonumber(held[1]) or 0
local wait = (tonumber(held[2]) or 0) - now
if wait > 0 then
  return {wait, pauses - tries}
end

tries = tries + 1
if tries >= pauses then
  redis.call('HDEL', pinKey, 'public', 'share')
else
  redis.call('HSET', pinKey, 'tries', tries, 'until', string.format('%.0f', now + tonumber(ARGV[tries + 1])))
end
return {0, math.max(0, pauses - tries), held[3], held[4], held[5], held[6]}
