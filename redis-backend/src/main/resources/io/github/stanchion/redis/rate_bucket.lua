-- rate.bucket: min, want, maxWait, maxDebt, then per bandwidth C, r, p.
local floor, ceil, pack = math.floor, math.ceil, struct.pack
local function apply(text, now, _, min, want, max_wait, max_debt, C, r, p, ...)
  now = now - 1735689600000000
  -- After the numbers comes where they end: a second number means a second bandwidth.
  local _, another = ...
  if not another and (not text or string.find(text, '^-?[1-9]%d*$')) then
    -- By far the most common: one bandwidth, whose state is one number, which says more briefly what follows below.
    local full, repaired, changed = C * p, 0, false
    local credit = full
    if text then
      text = text + 0
      if text > 9007199254740991 or text < -9007199254740991 then
        return 1
      end
      credit = r * (now - text)
      if credit > full then
        credit = full
      elseif credit < 0 then
        local deepest = max_debt * p + r * max_wait
        if credit < -deepest - r * 1000000 then
          credit, repaired, changed = -deepest, 1, true
        end
      end
    end
    local left, wait, taken = floor(credit / p), 0, 0
    if left < min then
      wait, taken = ceil((min * p - credit) / r), min
    elseif left > 0 then
      taken = want < left and want or left
    end
    local admitted = wait <= max_wait
    if admitted and taken > 0 then
      credit, left, changed = credit - taken * p, left - taken, true
    else
      taken = 0
    end
    local ttl = ceil((full - credit) / r)
    local reply = pack('>dddddd', admitted and 1 or 0, taken, left, wait, ttl, repaired)
    if not changed then
      return reply, admitted
    end
    local ahead = ceil(credit / r)
    local rest = r * ahead - credit
    if rest == 0 then
      return reply, admitted, string.format('%.0f', now - ahead), ttl
    end
    return reply, admitted, string.format('%.0f %.0f %.0f', now - ahead, rest, r), ttl
  end
  --include _bucket.lua
  shape = {C, r, p, ...}
  local left, wait, taken = read(text, now, max_wait, max_debt), 0, 0
  if not left then
    return 1
  elseif left < min then
    for i, credit in ipairs(credits) do
      wait = math.max(wait, ceil((min * shape[3 * i] - credit) / shape[3 * i - 1]))
    end
    taken = min
  elseif left > 0 then
    taken = math.min(want, left)
  end
  local admitted = wait <= max_wait
  if admitted and taken > 0 then
    changed = true
    for i, credit in ipairs(credits) do
      credits[i] = credit - taken * shape[3 * i]
    end
  else
    taken = 0
  end
  local ttl, next
  left, ttl, next = finish(now)
  return pack('>dddddd', admitted and 1 or 0, taken, left, wait, ttl, repaired), admitted, next, ttl
end
