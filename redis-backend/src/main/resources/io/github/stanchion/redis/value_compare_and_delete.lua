-- value.compare-and-delete: expected, retention, node, sequence.
--include _item.lua
local function apply(text, now, _, expected, retention, by, number)
  if not read(text, now) then
    return 1
  elseif not present and written_by(by, number) then
    return already_written()
  elseif (present and version or 0) ~= expected then
    return keep(false, false)
  elseif expected == 0 then
    return keep(true, true)
  end
  return remove(by, number, retention)
end
