-- probe.plant: time to collection, admitted, then the value.
--include _value.lua
--include _cells_text.lua
local function apply(text, now, payload, ttl, admitted, kind, ...)
  if text and not value(text) then
    return 1
  end
  local reply, numbers = struct.pack('>d', admitted), {...}
  numbers[#numbers] = nil
  if kind == 0 then
    return reply, admitted == 1, false
  elseif kind == 1 then
    return reply, admitted == 1, cells_text(numbers), ttl
  elseif kind == 2 then
    return reply, admitted == 1, '#' .. cells_text(numbers), ttl
  end
  local present = table.remove(numbers)
  table.insert(numbers, 1, 1)
  table.insert(numbers, 4, present)
  return reply, admitted == 1, '=' .. cells_text(numbers) .. '\n' .. (present == 1 and payload or ''), ttl
end
