-- counter.set: the count as high and low half, mode and microseconds of the time to live.
--include _counter.lua
local function apply(text, now, _, h, l, mode, micros)
  local error = read(text, now)
  if error then
    return error
  end
  return set(h, l, mode, micros, now)
end
