-- What kind of value a text is, 'cells', 'counter' or 'item', its numbers, and an item's payload; nil if it is none of
-- ours.
--include _cells.lua
local function value(text)
  local first = string.sub(text, 1, 1)
  if first == '#' then
    local n = cells(string.sub(text, 2))
    if n and #n == 3 and n[1] >= -2147483648 and n[1] <= 2147483647
        and n[2] >= 0 and n[2] <= 4294967295 and n[3] >= 0 then
      return 'counter', n
    end
  elseif first == '=' then
    local newline = string.find(text, '\n', 2, true)
    local n = newline and cells(string.sub(text, 2, newline - 1))
    if n and #n == 8 and n[1] == 1 and n[2] >= 1 and n[3] >= 0 and n[7] >= 0 and n[8] >= 0 then
      local payload = string.sub(text, newline + 1)
      if n[4] == 1 and #payload <= 1048576 or n[4] == 0 and payload == '' then
        return 'item', n, payload
      end
    end
  else
    local n = cells(text)
    return n and 'cells', n
  end
end
