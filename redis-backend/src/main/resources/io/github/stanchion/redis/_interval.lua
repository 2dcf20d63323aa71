-- How much of each bandwidth of an interval limit is used, and since when its period runs, as IntervalUses: `shape` is
-- C, R, P of each and whatever follows.
--include _cells.lua
--include _cells_text.lua
local shape, since, used, repaired, changed

-- False if the text is no interval's.
local function read(text, now, aligned, bandwidths)
  since, used, repaired, changed = {}, {}, 0, false
  local stored = text and cells(text)
  local n, latest, most = stored and #stored, nil, 0
  if text then
    if not n or n % 2 ~= 0 or n > 16 then
      return false
    end
    for i = 1, n, 2 do
      if stored[i + 1] < 0 or stored[i + 1] > 4503599627370496 then
        return false
      end
      latest = math.max(latest or stored[i], stored[i])
      most = math.max(most, stored[i + 1])
    end
  end
  for i = 1, bandwidths do
    local refill, period = shape[3 * i - 1], shape[3 * i]
    local start = aligned == 1 and math.floor(now / period) * period or now
    local ts, count = start, 0
    if n then
      -- Bandwidths match by position; one without a counterpart takes the latest start and the largest use.
      ts, count = stored[2 * i - 1] or latest, stored[2 * i] or most
      local periods = math.floor(3155673600000000 / period) - 1
      if math.ceil(count / refill) > periods then
        count = periods * refill
      end
      local last = aligned == 1 and start + period or now + 1000000
      if ts > last then
        ts, repaired, changed = aligned == 1 and last or now, 1, true
      end
      local passed = math.floor((now - ts) / period)
      if passed > 0 and passed < math.ceil(count / refill) then
        ts, count = ts + passed * period, count - passed * refill
      elseif passed > 0 or count == 0 and now >= ts then
        ts, count = start, 0
      end
    end
    since[i], used[i] = ts, count
  end
  return true
end

local function remaining()
  local least = shape[1] - used[1]
  for i = 2, #used do
    least = math.min(least, shape[3 * i - 2] - used[i])
  end
  return least
end

-- Microseconds until so many permits of a bandwidth's use are gone.
local function until_gone(i, permits, now)
  return permits <= 0 and 0 or since[i] + math.ceil(permits / shape[3 * i - 1]) * shape[3 * i] - now
end

local function until_full(now)
  local longest = 0
  for i, count in ipairs(used) do
    longest = math.max(longest, count == 0 and since[i] - now or until_gone(i, count, now))
  end
  return longest
end

-- The effect: next and ttl. Without any use it is absent.
local function effect(now)
  local ttl = changed and until_full(now)
  if not ttl then
    return nil
  elseif ttl == 0 then
    return false
  end
  local stored = {}
  for i, count in ipairs(used) do
    stored[2 * i - 1], stored[2 * i] = since[i], count
  end
  return cells_text(stored), ttl
end
