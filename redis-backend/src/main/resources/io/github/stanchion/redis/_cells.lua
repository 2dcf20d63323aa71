-- The cells in a text, as numbers; nil if it is not the text of cells.
local function cells(text)
  local find, numbers, length, n = string.find, {}, -1, 0
  for word in string.gmatch(text, '[^ ]+') do
    local number = (word == '0' or find(word, '^-?[1-9]%d*$')) and word + 0
    if not number or number > 9007199254740991 or number < -9007199254740991 then
      return nil
    end
    n = n + 1
    numbers[n] = number
    length = length + 1 + #word
  end
  -- Words with single spaces between them are all there is.
  return n <= 2048 and length == #text and numbers or nil
end
