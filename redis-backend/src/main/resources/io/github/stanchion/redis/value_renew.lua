-- value.renew: retention, mode and microseconds of the time to live.
--include _item.lua
local function apply(text, now, _, retention, mode, micros)
  if not read(text, now) then
    return 1
  end
  local e = present and end_of_existing(ends, mode, micros, now)
  if not present or e == ends then
    return keep(true, true, true)
  end
  return reply(true, true, version, e, payload()), true, put(version, e, node, sequence, fence, payload(), retention)
end
