-- A walk over one key whose text is carried from step to step. ARGV[1], packed: of each step its twin, its time, how
-- many numbers it has, and these; twin 0 plants the payload as the text. ARGV[2...]: the payload of each step.
-- Reply: of each step its reply; admitted (-1 for an error), what becomes of the text (0 kept, 1 put, 2 deleted) and
-- the time to collection, packed; the text; the signals, a line each.
local numbers, at, out, text = ARGV[1], 1, {}, false
for i = 1, #ARGV - 1 do
  local twin, now, count
  twin, now, count, at = struct.unpack('>ddd', numbers, at)
  if twin == 0 then
    text = ARGV[i + 1] ~= '' and ARGV[i + 1]
  else
    local reply, admitted, next, ttl, signals =
      twins[twin](text, now, ARGV[i + 1], struct.unpack('>' .. string.rep('d', count), numbers, at))
    local news = {}
    for j, signal in ipairs(signals or {}) do
      news[j] = table.concat(signal, ' ', 1, 2)
      for k = 3, #signal do
        news[j] = news[j] .. string.format(' %.0f', signal[k])
      end
    end
    local effect = next and 1 or next == false and 2 or 0
    if effect > 0 then
      text = next
    end
    out[#out + 1] = reply
    out[#out + 1] = struct.pack('>ddd', admitted and 1 or admitted == false and 0 or -1, effect, next and ttl or 0)
    out[#out + 1] = next or ''
    out[#out + 1] = table.concat(news, '\n')
  end
  at = at + 8 * count
end
return out
