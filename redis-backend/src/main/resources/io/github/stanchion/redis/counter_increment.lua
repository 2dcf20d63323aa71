-- counter.increment: delta, min, max, each as high and low half, saturate, mode and microseconds of the time to live.
--include _counter.lua
local function apply(text, now, _, dh, dl, min_h, min_l, max_h, max_l, saturate, mode, micros)
  local error = read(text, now)
  if error then
    return error
  end
  local h, l = add(high, low, dh, dl)
  local above, below = less(max_h, max_l, h, l), less(h, l, min_h, min_l)
  local up, down = dh > 0 or dh == 0 and dl > 0, dh < 0
  if saturate == 1 then
    if above and up then
      h, l = max_h, max_l
      if less(h, l, high, low) then
        h, l = high, low
      end
    elseif below and down then
      h, l = min_h, min_l
      if less(high, low, h, l) then
        h, l = high, low
      end
    end
  elseif overflows(h) and (up and max_h == 2147483647 and max_l == 4294967295
      or down and min_h == -2147483648 and min_l == 0) then
    return struct.pack('>d', 2)
  elseif above or below then
    return keep(false, now)
  end
  if not exists and h == 0 and l == 0 then
    return keep(true, now)
  end
  return set(h, l, mode, micros, now)
end
