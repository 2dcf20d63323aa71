-- probe.tell: the number, time to collection.
--include _value.lua
--include _cells_text.lua
local function apply(text, now, payload, number, ttl)
  if text and not value(text) then
    return 1
  end
  return struct.pack('>d', number), true, cells_text({number}), ttl, {{'probe', 'told', number}}
end
