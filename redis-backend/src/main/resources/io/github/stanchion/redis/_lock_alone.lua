-- The usual lock that is held, by this owner alone and with nobody in line, need not be taken apart: its mode, token,
-- owner, grant and end, as words; nil if it is another, or if the clock went back, or if the text is no lock's.
local function alone(text, now, node, sequence)
  local mode, token, holder, number, granted, ends, span = string.match(
    text or '',
    '^1 ([123]) ([1-9]%d*) 1 ([1-9]%d*) ([1-9]%d*) ([1-9]%d*) ([1-9]%d*) ([1-9]%d*)$')
  if not mode or holder + 0 ~= node or number + 0 ~= sequence then
    return nil
  end
  local g, e, s, t = granted + 0, ends + 0, span + 0, token + 0
  if e > now and g <= now and s <= 31622400000000 and t <= 9007199254740990 then
    return mode, token, holder, number, granted, ends
  end
end
