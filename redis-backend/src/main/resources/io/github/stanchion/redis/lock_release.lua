-- lock.release: node, sequence, mode, queue, retention, atLeast, place (0 leave, 1 keep, 2 join), all, subject.
--include _lock_alone.lua
local function at_length(text, now, node, sequence, asked, retention, at_least, place, all, subject)
  --include _lock.lua
  if not read(text, now) then
    return 1
  end
  local own = own_of(node, sequence)
  if own then
    local granted = holds[own][3]
    if granted + at_least > now then
      holds[own] = {0, 0, granted, granted + at_least, at_least}
    else
      table.remove(holds, own)
      mode = #holds > 0 and mode or 0
    end
    changed = true
  end
  if place == 0 then
    leave(node)
  end
  local others, self, signals = 0, 0, nil
  if mode == 0 and #line > 0 then
    local woken = all == 1 and #line or 1
    self = (place_of(node) or 65) <= woken and 1 or 0
    others = woken - self
    if others > 0 then
      signals = {{'lock', all == 1 and 'wake-all' or string.format('wake-%.0f', line[1][1]), subject}}
    end
    for _ = 1, woken do
      table.remove(line, 1)
    end
    changed = true
  end
  if place == 2 then
    stand(node, asked, 0, now)
  end
  local next, ttl = effect(now, retention)
  return struct.pack('>dddd', own and 1 or 0, others, self, token), true, next, ttl, signals
end

local function apply(text, now, _, node, sequence, asked, queue, retention, at_least, place, all, subject)
  local _, token, _, _, granted = alone(text, now, node, sequence)
  if not token or granted + at_least > now or place == 2 then
    return at_length(text, now, node, sequence, asked, retention, at_least, place, all, subject)
  end
  return struct.pack('>dddd', 1, 0, 0, token), true, '1 0 ' .. token .. ' 0', retention
end
