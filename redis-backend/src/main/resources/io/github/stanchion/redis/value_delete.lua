-- value.delete: retention, node, sequence, 1 to bring along what was there.
--include _item.lua
local function apply(text, now, _, retention, by, number, with_previous)
  if not read(text, now) then
    return 1
  elseif present then
    return remove(by, number, retention, with_previous == 1)
  elseif written_by(by, number) then
    return already_written()
  end
  return keep(false, true)
end
