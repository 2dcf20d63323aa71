-- value.read: 1 to bring the payload along.
--include _item.lua
local function apply(text, now, _, with_payload)
  if not read(text, now) then
    return 1
  end
  return keep(true, true, with_payload == 1)
end
