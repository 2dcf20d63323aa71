-- What the bandwidths of a bucket hold, in parts, as BucketCredits: `shape` is C, r, p of each and whatever follows,
-- `credits` one number each. A quotient of integers up to 2^53 is rounded to no integer but its own, so that floor and
-- ceil of it are exact.
--include _cells.lua
local floor, ceil = math.floor, math.ceil
local shape, credits, repaired, changed

-- Answers the whole permits of the tightest bandwidth; nil if the text is no bucket's.
local function read(text, now, max_wait, max_debt)
  credits, repaired, changed = {}, 0, false
  local stored = text and cells(text)
  local n, least = stored and #stored, nil
  if text and not n then
    return nil
  elseif n and n > 1 then
    if n % 3 ~= 0 or n > 24 then
      return nil
    end
    for i = 1, n, 3 do
      if stored[i + 1] < 0 or stored[i + 1] >= stored[i + 2] then
        return nil
      end
    end
  end
  for i = 1, floor(#shape / 3) do
    local r, p = shape[3 * i - 1], shape[3 * i]
    local full = shape[3 * i - 2] * p
    local credit = full
    if n then
      -- Bandwidths match by position; one without a counterpart takes the latest instant of all.
      local from, to, at, rest = 3 * i - 2, 3 * i - 2, nil, 0
      if from > n then
        from, to = 1, n
      end
      for j = from, to, 3 do
        local a, b = stored[j], stored[j + 1] or 0
        -- A fraction of another rate counts as the whole microsecond.
        if b > 0 and stored[j + 2] ~= r then
          a, b = a + 1, 0
        end
        if not at or a > at or a == at and b > rest then
          at, rest = a, b
        end
      end
      credit = r * (now - at) - rest
      local deepest = max_debt * p + r * max_wait
      if credit > full then
        credit = full
      elseif credit < -deepest - r * 1000000 then
        credit, repaired, changed = -deepest, 1, true
      end
    end
    credits[i] = credit
    local permits = floor(credit / p)
    if not least or permits < least then
      least = permits
    end
  end
  return least
end

-- Answers the permits left, the time to full, and the effect: a full bucket is absent.
local function finish(now)
  local least, longest, stored = nil, 0, {}
  for i, credit in ipairs(credits) do
    local r, p = shape[3 * i - 1], shape[3 * i]
    local permits, micros = floor(credit / p), ceil((shape[3 * i - 2] * p - credit) / r)
    if not least or permits < least then
      least = permits
    end
    if micros > longest then
      longest = micros
    end
    if changed then
      local ahead = ceil(credit / r)
      local rest = r * ahead - credit
      if rest == 0 and #credits == 1 then
        stored[i] = string.format('%.0f', now - ahead)
      else
        stored[i] = string.format('%.0f %.0f %.0f', now - ahead, rest, r)
      end
    end
  end
  local next
  if changed then
    next = longest > 0 and table.concat(stored, ' ')
  end
  return least, longest, next
end
