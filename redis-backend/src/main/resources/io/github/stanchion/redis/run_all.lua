-- A joint decision on distinct keys. ARGV[1], packed: a time (0 = the server's own), then of each step its twin, 1 if
-- it is advisory, how many numbers it has, and these; ARGV[2...]: the payload of each step.
-- Above stand the twins; see run.lua.
-- Reply: 1 if admitted, then of each step 1 if it was admitted and its reply; or -1, the step that failed, and its
-- error.
local numbers, time, at = ARGV[1], struct.unpack('>d', ARGV[1])
local now, spare = time, 86400001
if now == 0 then
  now, spare = redis.call('TIME'), 1
  now = now[1] * 1000000 + now[2]
end
local replies, nexts, ttls, news, verdict = {1}, {}, {}, {}, 1
for i, key in ipairs(KEYS) do
  local text = redis.pcall('GET', key)
  if text and text.err then
    if not string.find(text.err, '^WRONGTYPE') then
      return text
    end
    return {-1, i, 1}
  end
  local twin, advisory, count
  twin, advisory, count, at = struct.unpack('>ddd', numbers, at)
  local reply, admitted, next, ttl, signals =
    twins[twin](text, now, ARGV[i + 1], struct.unpack('>' .. string.rep('d', count), numbers, at))
  at = at + 8 * count
  if admitted == nil then
    return {-1, i, reply}
  end
  replies[2 * i], replies[2 * i + 1] = admitted and 1 or 0, reply
  if admitted then
    nexts[i], ttls[i], news[i] = next, ttl, signals
  elseif advisory == 0 then
    verdict = 0
  end
end
replies[1] = verdict
if verdict == 0 then
  return replies
end
for i, key in ipairs(KEYS) do
  if nexts[i] then
    if ttls[i] > 0 then
      redis.call('SET', key, nexts[i], 'PX', math.floor(ttls[i] / 1000) + spare)
    else
      redis.call('SET', key, nexts[i])
    end
  elseif nexts[i] == false then
    redis.call('DEL', key)
  end
end
--include _publish.lua
for i = 1, #KEYS do
  if news[i] then
    publish(news[i])
  end
end
return replies
