-- lock.inspect: node, sequence.
--include _lock.lua
local function apply(text, now, _, node, sequence)
  if not read(text, now) then
    return 1
  end
  local hold = hold_of(node, sequence) or {0, 0, 0, now}
  local mine = own_of(node, sequence) and 1 or 0
  return struct.pack('>dddddd', mine, mode, token, hold[4] - now, hold[1], #line), true
end
