-- rate.reset: the subject's fingerprint.
--include _value.lua
local function apply(text, now, _, subject)
  local signals = {{'rate-limit', 'reset', subject}}
  if not text then
    return struct.pack('>d', 0), true, nil, nil, signals
  elseif not value(text) then
    return 1
  end
  return struct.pack('>d', 1), true, false, nil, signals
end
