-- counter.undo: moved as high and low half, the end that the increment left.
--include _counter.lua
local function apply(text, now, _, moved_h, moved_l, left)
  local error = read(text, now)
  if error then
    return error
  end
  local h, l = subtract(high, low, moved_h, moved_l)
  if not exists or ends ~= left or overflows(h) then
    return keep(true, now)
  end
  return set(h, l, 0, 0, now)
end
