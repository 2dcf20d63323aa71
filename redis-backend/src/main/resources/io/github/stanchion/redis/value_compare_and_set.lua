-- value.compare-and-set: expected, retention, node, sequence, 1 to bring along what is in the way, mode and
-- microseconds of the time to live.
--include _item.lua
local function apply(text, now, bytes, expected, retention, by, number, with_current, mode, micros)
  if not read(text, now) then
    return 1
  elseif written_by(by, number) then
    return already_written()
  elseif (present and version or 0) == expected then
    return store(bytes, mode, micros, by, number, 0, retention)
  end
  return keep(false, false, with_current == 1 and present and #text - head <= 4096)
end
