-- What a sliding window's limit L has counted in the window of number `window` and in the one before, as WindowUse;
-- lengths W in ms.
--include _cells.lua
--include _cells_text.lua
local previous, current, window, elapsed, below_millis, repaired, changed

-- False if the text is no window's.
local function read(text, now, W)
  local millis = math.floor(now / 1000)
  previous, current, window, repaired, changed = 0, 0, math.floor(millis / W), 0, false
  below_millis = now - millis * 1000
  if text then
    local stored = cells(text)
    if not stored or #stored ~= 3 or stored[1] < 0 or stored[2] < 0 then
      return false
    end
    local most = math.min(math.floor(9007199254740992 / W), 2251799813685248)
    local before, count, number = math.min(stored[1], most), math.min(stored[2], most), stored[3]
    if number == window - 1 then
      previous = count
    elseif number >= window then
      if number * W > millis + 1000 then
        -- Late in the window of this time a count before it would have faded already.
        current, repaired, changed = math.min(before + count, most), 1, true
      else
        previous, current, window = before, count, number
      end
    end
  end
  elapsed = millis - window * W
  return true
end

local function remaining(L, W)
  return L - current - math.ceil(previous * (W - math.max(0, elapsed)) / W)
end

local function micros(millis)
  return millis * 1000 - below_millis
end

local function until_full(W)
  if previous == 0 and current == 0 then
    return 0
  end
  return micros((current > 0 and 2 * W or W) - elapsed)
end

-- The effect: next and ttl. Without any use it is absent.
local function effect(W)
  local ttl = changed and until_full(W)
  if not ttl then
    return nil
  elseif ttl <= 0 then
    return false
  end
  return cells_text({previous, current, window}), ttl
end
