-- rate.window.settle: L, W in milliseconds, delta, maxDebt, stamp.
--include _window.lua
local function apply(text, now, _, L, W, delta, max_debt, stamp)
  now = now - 1735689600000000
  if not read(text, now, W) then
    return 1
  end
  local moved = 0
  if stamp == window or stamp == window - 1 then
    local count = stamp == window and current or previous
    if delta > 0 then
      moved = math.min(delta, math.max(0, L + max_debt - count))
    else
      moved = -math.min(-delta, count)
    end
    changed = changed or moved ~= 0
    if stamp == window then
      current = count + moved
    else
      previous = count + moved
    end
  end
  local charged, returned = math.max(moved, 0), math.max(-moved, 0)
  local forgiven = math.max(delta, 0) - charged
  local reply =
    struct.pack('>dddddd', charged, returned, forgiven, remaining(L, W), until_full(W), repaired)
  return reply, true, effect(W)
end
