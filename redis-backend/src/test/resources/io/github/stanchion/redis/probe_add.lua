-- probe.add: delta, most, time to collection.
--include _cells.lua
--include _cells_text.lua
local function apply(text, now, payload, delta, most, ttl)
  local before = text and cells(text)
  if text and (not before or #before > 1) then
    return 1
  end
  before = before and before[1] or 0
  local after = before + delta
  if after > most then
    return struct.pack('>ddd', 0, before, now), false
  end
  return struct.pack('>ddd', 1, after, now), true, cells_text({after}), ttl
end
