-- lock.break: node, token, retention, subject.
--include _lock.lua
local function apply(text, now, _, node, expected, retention, subject)
  if not read(text, now) then
    return 1
  elseif mode == 0 or expected ~= 0 and expected ~= token then
    return struct.pack('>dddd', 0, 0, 0, token), true
  end
  holds, mode, changed = {}, 0, true
  local first, others, self, signals = table.remove(line, 1), 0, 0, nil
  if first and first[1] == node then
    self = 1
  elseif first then
    others, signals = 1, {{'lock', string.format('wake-%.0f', first[1]), subject}}
  end
  local next, ttl = effect(now, retention)
  return struct.pack('>dddd', 1, others, self, token), true, next, ttl, signals
end
