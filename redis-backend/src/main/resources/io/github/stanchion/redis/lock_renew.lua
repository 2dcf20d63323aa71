-- lock.renew: node, sequence, mode, queue, retention, span.
--include _lock_alone.lua
local function at_length(text, now, node, sequence, retention, span)
  --include _lock.lua
  if not read(text, now) then
    return 1
  elseif not extend(node, sequence, span, now) then
    return struct.pack('>dd', 0, token), false
  end
  return struct.pack('>dd', 1, token), true, effect(now, retention)
end

local function apply(text, now, _, node, sequence, asked, queue, retention, span)
  local held, token, holder, number, granted, ends = alone(text, now, node, sequence)
  if not held or ends + 0 > now + span then
    return at_length(text, now, node, sequence, retention, span)
  end
  local next = string.format(
    '1 %s %s 1 %s %s %s %.0f %.0f', held, token, holder, number, granted, now + span, span)
  return struct.pack('>dd', 1, token), true, next, math.max(retention, span)
end
