-- A counter of 64 bits as high and low half, as CounterState: exact, since no half leaves the range of a double.
--include _ttl.lua
local high, low, ends, exists

-- Reads what is there at this time; answers an error if that is no counter.
local function read(text, now)
  high, low, ends, exists = 0, 0, 0, false
  if not text then
    return nil
  end
  local h, l, e = string.match(text, '^#(-?%d+) (%d+) (%d+)$')
  if h then
    h, l, e = h + 0, l + 0, e + 0
  end
  if not h or h < -2147483648 or h > 2147483647 or l > 4294967295 or e > 9007199254740991
        or text ~= string.format('#%.0f %.0f %.0f', h, l, e) then
    --include _value.lua
    return value(text) and 2 or 1
  end
  if e == 0 or e > now then
    high, low, ends, exists = h, l, e, true
  end
end

-- The sum of two counts, in halves; its high half leaves 32 bits where the sum leaves 64.
local function add(h1, l1, h2, l2)
  local l = l1 + l2
  if l > 4294967295 then
    return h1 + h2 + 1, l - 4294967296
  end
  return h1 + h2, l
end

local function subtract(h1, l1, h2, l2)
  if l1 < l2 then
    return h1 - h2 - 1, l1 - l2 + 4294967296
  end
  return h1 - h2, l1 - l2
end

local function overflows(h)
  return h > 2147483647 or h < -2147483648
end

local function less(h1, l1, h2, l2)
  return h1 < h2 or h1 == h2 and l1 < l2
end

local function reply(applied, existed, exists, h, l, moved_h, moved_l, ended, ends, now)
  return struct.pack('>dddddddddd', applied, existed, exists, h, l, moved_h, moved_l, ended, ends, now)
end

-- Changes nothing.
local function keep(admitted, now)
  local there = exists and 1 or 0
  return reply(admitted and 1 or 0, there, there, high, low, 0, 0, ends, ends, now), admitted
end

local function set(h, l, mode, micros, now)
  local moved_h, moved_l = subtract(h, l, high, low)
  moved_h = (moved_h + 2147483648) % 4294967296 - 2147483648
  local ended = exists and end_of_existing(ends, mode, micros, now) or not exists and end_of_new(mode, micros, now)
  local answer = reply(1, exists and 1 or 0, 1, h, l, moved_h, moved_l, ends, ended, now)
  if exists and h == high and l == low and ended == ends then
    return answer, true
  end
  local ttl = ended == 0 and 0 or math.max(1, math.min(3156537600000000, ended - now))
  return answer, true, string.format('#%.0f %.0f %.0f', h, l, ended), ttl
end
