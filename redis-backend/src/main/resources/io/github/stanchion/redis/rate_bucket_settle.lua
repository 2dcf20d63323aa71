-- rate.bucket.settle: delta, maxWait, maxDebt, then per bandwidth C, r, p.
--include _bucket.lua
local function apply(text, now, _, delta, max_wait, max_debt, ...)
  now = now - 1735689600000000
  shape = {...}
  if not read(text, now, max_wait, max_debt) then
    return 1
  end
  local forgiven, returned = 0, 0
  for i, credit in ipairs(credits) do
    local p = shape[3 * i]
    if delta > 0 then
      local room = math.max(0, credit + max_debt * p)
      changed = changed or room > 0
      if delta > floor(room / p) then
        credits[i] = credit - room
        forgiven = math.max(forgiven, delta - ceil(room / p))
      else
        credits[i] = credit - delta * p
      end
    elseif delta < 0 then
      local full = shape[3 * i - 2] * p
      local permits = floor((full - credit) / p)
      changed = changed or credit < full
      if permits < -delta then
        credits[i] = full
      else
        permits = -delta
        credits[i] = credit + permits * p
      end
      returned = math.max(returned, permits)
    end
  end
  local charged = math.max(delta, 0) - forgiven
  local left, ttl, next = finish(now)
  return struct.pack('>dddddd', charged, returned, forgiven, left, ttl, repaired), true, next, ttl
end
