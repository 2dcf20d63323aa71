-- rate.interval.settle: aligned, delta, maxDebt, per bandwidth C, R, P, then the stamp of each.
--include _interval.lua
local function apply(text, now, _, aligned, delta, max_debt, ...)
  now = now - 1735689600000000
  shape = {...}
  local n = math.floor(#shape / 4)
  if not read(text, now, aligned, n) then
    return 1
  end
  local forgiven, returned = 0, 0
  for i, count in ipairs(used) do
    if delta > 0 then
      local charged = math.min(delta, math.max(0, shape[3 * i - 2] + max_debt - count))
      changed = changed or charged > 0
      used[i] = count + charged
      forgiven = math.max(forgiven, delta - charged)
    elseif since[i] == shape[3 * n + i] then
      local back = math.min(-delta, count)
      changed = changed or back > 0
      used[i] = count - back
      returned = math.max(returned, back)
    end
  end
  local charged = math.max(delta, 0) - forgiven
  return struct.pack('>dddddd', charged, returned, forgiven, remaining(), until_full(now), repaired), true, effect(now)
end
