-- A value's cell at one moment and the writes that every operation on values is made of, as ItemState.
--include _ttl.lua
local text, now, version, ends, node, sequence, fence, fence_ends, head, present

-- False if the text is no item's. `head` is how many bytes come before the payload; an item has ended unless it is
-- `present`.
local function read(a_text, a_now)
  text, now, version, ends, node, sequence, fence, fence_ends, head, present = a_text, a_now, 0, 0, 0, 0, 0, 0, 0, false
  if not text then
    return true
  end
  head = string.find(text, '\n', 1, true) or 0
  local first = string.sub(text, 1, head)
  local v, e, there, n, s, f, fe = string.match(first, '^=1 (%d+) (%d+) ([01]) (-?%d+) (-?%d+) (%d+) (%d+)\n$')
  if not v then
    return false
  end
  v, e, n, s, f, fe = v + 0, e + 0, n + 0, s + 0, f + 0, fe + 0
  local most, size = 9007199254740991, #text - head
  if v < 1 or v > most or e > most or n > most or n < -most or s > most or s < -most or f > most or fe > most
        or first ~= string.format('=1 %.0f %.0f %s %.0f %.0f %.0f %.0f\n', v, e, there, n, s, f, fe)
        or size > (there == '1' and 1048576 or 0) then
    return false
  end
  version, ends, node, sequence, fence, fence_ends = v, e, n, s, f, fe
  present = there == '1' and (e == 0 or e > now)
  return true
end

local function written_by(by, write)
  return by ~= 0 and node == by and sequence == write
end

-- The highest fencing token that still counts.
local function token_seen()
  return (present or fence_ends > now) and fence or 0
end

local function payload()
  return string.sub(text, head + 1)
end

local function reply(applied, is, v, e, bytes)
  local numbers = struct.pack('>ddddd', applied and 1 or 0, is and 1 or 0, v, e, now)
  return bytes and {numbers, bytes} or numbers
end

-- Changes nothing, answers what is there.
local function keep(applied, admitted, with_payload)
  local bytes = with_payload and present and payload()
  return reply(applied, present, present and version or 0, present and ends or 0, bytes), admitted
end

-- The answer to a write that was applied when it was sent before.
local function already_written()
  return reply(true, present, version, present and ends or 0), true
end

-- Of a value without end the token counts as long as it is there; once it is deleted this is set anew.
local function fence_end(token, e)
  return token == 0 and 0 or math.min(9007199254740991, math.max(1, e == 0 and now or e) + 86400000000)
end

local function put(v, e, by, write, token, bytes, retention)
  local fe = fence_end(token, e)
  local ttl = 0
  if not bytes or e ~= 0 then
    ttl = math.max(0, e - now) + retention
    if token ~= 0 then
      ttl = math.max(ttl, fe - now)
    end
    ttl = math.max(1, math.min(3156537600000000, ttl))
  end
  local start = string.format('=1 %.0f %.0f %s %.0f %.0f %.0f %.0f\n', v, e, bytes and '1' or '0', by, write, token, fe)
  return bytes and start .. bytes or start, ttl
end

-- A write under a new version; without bytes it leaves the memory of the version alone.
local function write(bytes, e, by, number, token, retention, with_previous)
  if version == 9007199254740991 then
    return 1
  end
  local v = math.max(version + 1, now)
  local answer = reply(true, bytes, v, e, with_previous and present and payload())
  return answer, true, put(v, e, by, number, token, bytes, retention)
end

local function store(bytes, mode, micros, by, number, token, retention, with_previous)
  local e = present and end_of_existing(ends, mode, micros, now) or not present and end_of_new(mode, micros, now)
  return write(bytes, e, by, number, math.max(token, token_seen()), retention, with_previous)
end

local function remove(by, number, retention, with_previous)
  return write(nil, 0, by, number, token_seen(), retention, with_previous)
end
