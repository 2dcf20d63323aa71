-- lock.acquire: node, sequence, mode, queue, retention, span, since, enqueue, more.
--include _lock.lua
local function apply(text, now, _, node, sequence, asked, queue, retention, span, since, enqueue, more)
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
