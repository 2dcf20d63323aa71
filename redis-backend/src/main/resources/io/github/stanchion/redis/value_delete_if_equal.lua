-- value.delete-if-equal: retention, node, sequence; the expected bytes are the payload.
--include _item.lua
local function apply(text, now, bytes, retention, by, number)
  if not read(text, now) then
    return 1
  elseif not present and written_by(by, number) then
    return already_written()
  elseif present and payload() == bytes then
    return remove(by, number, retention)
  end
  return keep(false, false)
end
