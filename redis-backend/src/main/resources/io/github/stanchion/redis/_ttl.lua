-- Ends of time, as Ttl: modes are 0 keep, 1 none, 2 of, 3 on create, 4 ensure, 5 renew; an end of 0 is none.
local function after(now, micros)
  return math.max(1, math.min(9007199254740991, now + micros))
end

local function end_of_new(mode, micros, now)
  return mode > 1 and after(now, micros) or 0
end

local function end_of_existing(ends, mode, micros, now)
  if mode == 1 then
    return 0
  elseif mode == 2 or mode == 4 and ends == 0 or mode == 5 and ends ~= 0 then
    return after(now, micros)
  end
  return ends
end
