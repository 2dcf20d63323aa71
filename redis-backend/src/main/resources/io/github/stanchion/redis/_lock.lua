-- Who holds a lock and who waits for it, as it is now, as LockState and WaitLine: holds are {node, sequence, granted,
-- end, span}, waiters {node, mode, since, seen}.
--include _cells.lua
--include _cells_text.lua
local mode, token, holds, line, changed
local most_holds = {[0] = 0, 1, 256, 1}

-- False if the text is no lock's.
local function read(text, now)
  mode, token, holds, line, changed = 0, 0, {}, {}, false
  if not text then
    return true
  end
  local n = cells(text)
  if not n or #n < 4 or n[1] ~= 1 or n[2] < 0 or n[2] > 3 or n[3] < 0 or n[3] > 9007199254740990
      or n[4] > most_holds[n[2]] or n[4] < math.min(1, n[2]) then
    return false
  end
  local waiters_at = 5 + 5 * n[4]
  local left = #n - waiters_at + 1
  if left < 0 or left > 256 or left % 4 ~= 0 then
    return false
  end
  mode, token = n[2], n[3]
  for at = 5, waiters_at - 1, 5 do
    local node, sequence, granted, ends, span = unpack(n, at, at + 4)
    if node < 0 or sequence < 0 or (node == 0) ~= (sequence == 0) or span < 1 or span > 31622400000000 then
      return false
    end
    if ends > now then
      if granted > now or ends > now + span then
        -- The clock went back: no step of it locks anybody out for longer than the span.
        granted, ends, changed = math.min(granted, now), math.min(ends, now + span), true
      end
      holds[#holds + 1] = {node, sequence, granted, ends, span}
    end
  end
  for at = waiters_at, #n, 4 do
    local node, asked, since, seen = unpack(n, at, at + 3)
    if node < 1 or asked < 1 or asked > 3 or since < 1 or since > 9007199254740990 then
      return false
    end
    if seen > now then
      seen, changed = now, true
    end
    if seen > now - 3000000 then
      line[#line + 1] = {node, asked, since, seen}
    end
  end
  if #holds == 0 then
    mode = 0
  end
  return true
end

-- The position of an owner's hold; nil if there is none.
local function own_of(node, sequence)
  for i, hold in ipairs(holds) do
    if node ~= 0 and hold[1] == node and hold[2] == sequence then
      return i
    end
  end
end

-- The owner's hold, else the one that ends last; nil if the lock is free.
local function hold_of(node, sequence)
  local last = holds[own_of(node, sequence)]
  if not last then
    for _, hold in ipairs(holds) do
      if not last or hold[4] > last[4] then
        last = hold
      end
    end
  end
  return last
end

-- Has the owner's hold go on for so long from now at least; false if there is none.
local function extend(node, sequence, span, now)
  local hold = holds[own_of(node, sequence)]
  if not hold then
    return false
  end
  if hold[4] <= now + span then
    hold[4], hold[5] = now + span, span
  end
  changed = true
  return true
end

-- The place of a node in line; nil if it is not.
local function place_of(node)
  for i, waiter in ipairs(line) do
    if waiter[1] == node then
      return i
    end
  end
end

-- Has the node in line as seen now, if there is room: where it is, else where it was by since, at the tail if that is 0.
local function stand(node, asked, since, now)
  local place = place_of(node)
  if place then
    line[place][2], line[place][4], changed = asked, now, true
  elseif #line < 64 then
    local tail = math.max(now, #line > 0 and line[#line][3] + 1 or 1)
    local own, at = since == 0 and tail or math.min(since, tail), 1
    while at <= #line and line[at][3] <= own do
      at = at + 1
    end
    table.insert(line, at, {node, asked, own, now})
    changed = true
  end
end

local function leave(node)
  local place = place_of(node)
  if place then
    table.remove(line, place)
    changed = true
  end
end

-- The effect: next and ttl.
local function effect(now, retention)
  if not changed then
    return nil
  end
  local numbers, ttl = {1, mode, token, #holds}, retention
  for _, hold in ipairs(holds) do
    ttl = math.max(ttl, hold[4] - now)
    for i = 1, 5 do
      numbers[#numbers + 1] = hold[i]
    end
  end
  for _, waiter in ipairs(line) do
    for i = 1, 4 do
      numbers[#numbers + 1] = waiter[i]
    end
  end
  return cells_text(numbers), ttl
end
