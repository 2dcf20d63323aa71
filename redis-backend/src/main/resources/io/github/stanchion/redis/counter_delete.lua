-- counter.delete: nothing.
--include _counter.lua
local function apply(text, now)
  local error = read(text, now)
  if error then
    return error
  elseif not exists then
    return keep(true, now)
  end
  local h, l = subtract(0, 0, high, low)
  if overflows(h) then
    h = -2147483648
  end
  return reply(1, 1, 0, 0, 0, h, l, ends, 0, now), true, false
end
