-- A signal is {kind, topic, number...}; who may not publish still decides.
local function publish(signals)
  for _, signal in ipairs(signals) do
    local numbers = {}
    for i = 3, #signal do
      numbers[i - 2] = string.format('%.0f', signal[i])
    end
    redis.pcall('PUBLISH', '$PREFIX:1:' .. signal[1] .. ':' .. signal[2], table.concat(numbers, ' '))
  end
end
