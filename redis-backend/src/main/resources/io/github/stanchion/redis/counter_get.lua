-- counter.get: nothing.
--include _counter.lua
local function apply(text, now)
  local error = read(text, now)
  if error then
    return error
  end
  return keep(true, now)
end
