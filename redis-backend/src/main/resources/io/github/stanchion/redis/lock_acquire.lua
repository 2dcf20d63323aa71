-- lock.acquire: node, sequence, mode, queue, retention, span, since, enqueue, more.
local function at_length(text, now, node, sequence, asked, retention, span, since, enqueue, more)
  --include _lock.lua
  if not read(text, now) then
    return 1
  end
  local granted = true
  if mode == 0 then
    mode, token, changed = asked, math.max(token + 1, now), true
    holds[1] = {node, sequence, now, now + span, span}
  else
    granted = extend(node, sequence, span, now)
  end
  if granted then
    leave(node)
    if more == 1 then
      stand(node, asked, 0, now)
    end
  elseif enqueue == 1 then
    stand(node, asked, since, now)
  end
  local place = place_of(node)
  local remaining = hold_of(node, sequence)[4] - now
  local reply = struct.pack(
    '>ddddd', granted and 1 or 0, token, remaining, place and line[place][3] or 0, place or 0)
  return reply, granted, effect(now, retention)
end

-- The usual lock, which nobody holds and nobody waits for, need not be taken apart. '%d' is the quickest way to write
-- numbers, where the server's integers are long enough.
local function apply(text, now, _, node, sequence, asked, queue, retention, span, since, enqueue, more)
  local former = 0
  if text then
    former = tonumber(string.match(text, '^1 0 ([1-9]%d*) 0$') or '')
  end
  if not former or former > 9007199254740990 or more == 1 or string.format('%d', 4294967296) ~= '4294967296' then
    return at_length(text, now, node, sequence, asked, retention, span, since, enqueue, more)
  end
  local token = math.max(former + 1, now)
  local next = string.format('1 %d %d 1 %d %d %d %d %d', asked, token, node, sequence, now, now + span, span)
  return struct.pack('>ddddd', 1, token, span, 0, 0), true, next, math.max(retention, span)
end
