-- value.put: fence, retention, node, sequence, 1 to bring along what was there, mode and microseconds of the time to
-- live.
--include _item.lua
local function apply(text, now, bytes, token, retention, by, number, with_previous, mode, micros)
  if not read(text, now) then
    return 1
  elseif written_by(by, number) then
    return already_written()
  elseif token ~= 0 and token < token_seen() then
    return keep(false, false)
  end
  return store(bytes, mode, micros, by, number, token, retention, with_previous == 1)
end
