-- The text of cells. Adding 0 makes -0 a 0.
local function cells_text(numbers)
  for i = 1, #numbers do
    numbers[i] = string.format('%.0f', numbers[i] + 0)
  end
  return table.concat(numbers, ' ')
end
