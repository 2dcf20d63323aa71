-- The cells in a text, as numbers; nil if it is not the text of cells.
local function cells(text)
  local numbers, length, n = {}, -1, 0
  for word in string.gmatch(text, '[^ ]+') do
    local number = (string.find(word, '^-?[1-9]%d*$') or word == '0') and word + 0
    if not number or number > 9007199254740991 or number < -9007199254740991 then
      return nil
    end
    n = n + 1
    numbers[n] = number
    length = length + 1 + #word
  end
  -- Words and single spaces between them are all there is.
  return n > 0 and n <= 2048 and length == #text and numbers or nil
end

local function cells_text(numbers)
  for i = 1, #numbers do
    numbers[i] = string.format('%.0f', numbers[i])
  end
  return table.concat(numbers, ' ')
end
