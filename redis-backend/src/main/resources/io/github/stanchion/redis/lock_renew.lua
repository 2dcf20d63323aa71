-- lock.renew: node, sequence, mode, queue, retention, span.
--include _lock.lua
local function apply(text, now, _, node, sequence, asked, queue, retention, span)
  if not read(text, now) then
    return 1
  elseif not extend(node, sequence, span, now) then
    return struct.pack('>dd', 0, token), false
  end
  return struct.pack('>dd', 1, token), true, effect(now, retention)
end
