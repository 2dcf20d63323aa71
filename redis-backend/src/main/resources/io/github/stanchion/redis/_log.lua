-- The times of a sliding log's permits, oldest first, those of the last window alone, as LogEntries.
--include _cells.lua
--include _cells_text.lua
local times, repaired, changed

-- False if the text is no log's.
local function read(text, now, W)
  times, repaired, changed = {}, 0, false
  if not text then
    return true
  end
  local stored = cells(text)
  local n = stored and #stored
  if not n or n > 200 then
    return false
  end
  for i = 2, n do
    local difference = stored[i]
    stored[i] = stored[i - 1] + difference
    if difference < 0 or stored[i] > 9007199254740991 then
      return false
    end
  end
  if stored[n] - now > 1000000 then
    -- All that lies ahead is cut, not only what is too far, so that times keep rising.
    repaired, changed = 1, true
    for i = 1, n do
      stored[i] = math.min(stored[i], now)
    end
  end
  local ended = 0
  while ended < n and stored[ended + 1] <= now - W do
    ended = ended + 1
  end
  if ended == 0 then
    times = stored
  else
    for i = ended + 1, n do
      times[i - ended] = stored[i]
    end
  end
  return true
end

local function until_full(now, W)
  return #times == 0 and 0 or times[#times] + W - now
end

-- The time that a permit taken now gets: times rise, even where the clock has stepped back.
local function stamp_of(now)
  return #times == 0 and now or math.max(now, times[#times])
end

local function take(permits, now)
  local time, n = stamp_of(now), #times
  for i = n + 1, n + permits do
    times[i] = time
  end
  changed = changed or permits > 0
end

-- The effect: next and ttl. Without entries it is absent.
local function effect(now, W)
  if not changed then
    return nil
  elseif #times == 0 then
    return false
  end
  local ttl = until_full(now, W)
  for i = #times, 2, -1 do
    times[i] = times[i] - times[i - 1]
  end
  return cells_text(times), ttl
end
