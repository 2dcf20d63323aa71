-- rate.log.settle: L, W in microseconds, delta, maxDebt, stamp.
--include _log.lua
local function apply(text, now, _, L, W, delta, max_debt, stamp)
  now = now - 1735689600000000
  if not read(text, now, W) then
    return 1
  end
  local charged, returned = 0, 0
  if delta > 0 then
    charged = math.min(delta, math.max(0, L + max_debt - #times))
    take(charged, now)
  elseif delta < 0 then
    local left = {}
    for _, time in ipairs(times) do
      if time == stamp and returned < -delta then
        returned = returned + 1
      else
        left[#left + 1] = time
      end
    end
    times, changed = left, changed or returned > 0
  end
  local forgiven = math.max(delta, 0) - charged
  local reply =
    struct.pack('>dddddd', charged, returned, forgiven, L - #times, until_full(now, W), repaired)
  return reply, true, effect(now, W)
end
