-- rate.log: L, W in microseconds, cost. The reply's stamp is the time that the permits were, or would have been,
-- entered at.
--include _log.lua
local function apply(text, now, _, L, W, cost)
  now = now - 1735689600000000
  if not read(text, now, W) then
    return 1
  end
  local over = #times + cost - L
  local wait = over <= 0 and 0 or times[over] + W - now
  local admitted = wait == 0
  local taken = admitted and cost or 0
  take(taken, now)
  local reply = struct.pack(
    '>ddddddd', admitted and 1 or 0, taken, L - #times, wait, until_full(now, W), repaired, stamp_of(now))
  return reply, admitted, effect(now, W)
end
