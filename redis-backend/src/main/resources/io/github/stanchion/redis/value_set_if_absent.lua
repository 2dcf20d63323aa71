-- value.set-if-absent: retention, node, sequence, 1 to bring along what is in the way, mode and microseconds of the
-- time to live.
--include _item.lua
local function apply(text, now, bytes, retention, by, number, with_current, mode, micros)
  if not read(text, now) then
    return 1
  elseif written_by(by, number) then
    return already_written()
  elseif present then
    return keep(false, false, with_current == 1)
  end
  return store(bytes, mode, micros, by, number, 0, retention)
end
