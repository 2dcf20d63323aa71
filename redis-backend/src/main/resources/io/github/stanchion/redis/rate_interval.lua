-- rate.interval: aligned, cost, maxWait, then per bandwidth C, R, P. The reply's stamp is the start of each period.
--include _interval.lua
local function apply(text, now, _, aligned, cost, max_wait, ...)
  now = now - 1735689600000000
  shape = {...}
  if not read(text, now, aligned, math.floor(#shape / 3)) then
    return 1
  end
  local wait = 0
  for i, count in ipairs(used) do
    wait = math.max(wait, until_gone(i, count + cost - shape[3 * i - 2], now))
  end
  local admitted = wait <= max_wait
  local taken = admitted and cost or 0
  if taken > 0 then
    changed = true
    for i, count in ipairs(used) do
      used[i] = count + taken
    end
  end
  local format = '>dddddd' .. string.rep('d', #since)
  local reply =
    struct.pack(format, admitted and 1 or 0, taken, remaining(), wait, until_full(now), repaired, unpack(since))
  return reply, admitted, effect(now)
end
