-- One operation on one key. KEYS: the key. ARGV: the operation's numbers, packed; its payload; a time, where the
-- server's own is not meant.
-- Above stands the twin: apply(text, now, payload, numbers...) -> reply, admitted, next, ttl, signals. `next` is the
-- new text, false to delete, nil to keep; without `admitted` the reply is an error, and nothing is written.
local key = KEYS[1]
local text = redis.pcall('GET', key)
if text and text.err then
  return string.find(text.err, '^WRONGTYPE') and 1 or text
end
local now, spare = ARGV[3], 1
if now then
  -- Expiry runs on the server's clock: under another one it only must not come early.
  now, spare = now + 0, 86400001
else
  now = redis.call('TIME')
  now = now[1] * 1000000 + now[2]
end
local reply, admitted, next, ttl, signals = apply(text, now, ARGV[2], struct.unpack('$NUMBERS', ARGV[1]))
if next then
  if ttl > 0 then
    redis.call('SET', key, next, 'PX', math.floor(ttl / 1000) + spare)
  else
    redis.call('SET', key, next)
  end
elseif next == false then
  redis.call('DEL', key)
end
if signals then
  --include _publish.lua
  publish(signals)
end
return reply
