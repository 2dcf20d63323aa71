-- probe.read: nothing; replies with the time and the value.
--include _value.lua
local function apply(text, now)
  if not text then
    return struct.pack('>dd', now, 0), true
  end
  local kind, n, payload = value(text)
  if kind == 'cells' then
    return struct.pack('>dd' .. string.rep('d', #n), now, 1, unpack(n)), true
  elseif kind == 'counter' then
    return struct.pack('>ddddd', now, 2, n[1], n[2], n[3]), true
  elseif kind == 'item' then
    local numbers = struct.pack('>ddddddddd', now, 3, n[2], n[3], n[5], n[6], n[7], n[8], n[4])
    return n[4] == 1 and {numbers, payload} or numbers, true
  end
  return 1
end
