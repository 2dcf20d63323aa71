-- Independent steps: each key is read once, goes through its steps in their order, and is written once. ARGV[1],
-- packed: a time (0 = the server's own), then of each step its twin, the number of its key, how many numbers it has,
-- and these; ARGV[2...]: the payload of each step.
-- Above stand the twins; see run.lua.
-- Reply: of each step its reply or error.
local numbers, time, at = ARGV[1], struct.unpack('>d', ARGV[1])
local now, spare = time, 86400001
if now == 0 then
  now, spare = redis.call('TIME'), 1
  now = now[1] * 1000000 + now[2]
end
local texts, foreign, changed, ttls, news, replies = {}, {}, {}, {}, {}, {}
for k, key in ipairs(KEYS) do
  local text = redis.pcall('GET', key)
  if text and text.err then
    if not string.find(text.err, '^WRONGTYPE') then
      return text
    end
    foreign[k] = true
  end
  texts[k] = text
end
for i = 1, #ARGV - 1 do
  local twin, k, count
  twin, k, count, at = struct.unpack('>ddd', numbers, at)
  if foreign[k] then
    replies[i] = 1
  else
    local reply, admitted, next, ttl, signals =
      twins[twin](texts[k], now, ARGV[i + 1], struct.unpack('>' .. string.rep('d', count), numbers, at))
    replies[i] = reply
    if next ~= nil then
      texts[k], ttls[k], changed[k] = next, ttl, true
    end
    news[#news + 1] = signals
  end
  at = at + 8 * count
end
for k, key in ipairs(KEYS) do
  if changed[k] then
    if not texts[k] then
      redis.call('DEL', key)
    elseif ttls[k] > 0 then
      redis.call('SET', key, texts[k], 'PX', math.floor(ttls[k] / 1000) + spare)
    else
      redis.call('SET', key, texts[k])
    end
  end
end
--include _publish.lua
for _, signals in ipairs(news) do
  publish(signals)
end
return replies
