-- rate.window: L, W in milliseconds, cost. The reply's stamp is the window's number.
--include _window.lua
local function apply(text, now, _, L, W, cost)
  now = now - 1735689600000000
  if not read(text, now, W) then
    return 1
  end
  local wait = 0
  if cost > remaining(L, W) then
    local room = L - current - cost
    if room >= 0 then
      wait = micros(W - math.floor(room * W / previous) - elapsed)
    else
      wait = micros(W - elapsed + W - math.floor((L - cost) * W / current))
    end
  end
  local admitted = wait == 0
  local taken = admitted and cost or 0
  if taken > 0 then
    current, changed = current + taken, true
  end
  local reply =
    struct.pack('>ddddddd', admitted and 1 or 0, taken, remaining(L, W), wait, until_full(W), repaired, window)
  return reply, admitted, effect(W)
end
