-- Sends everything twice, each time with a flash that makes the number of long ones even: one of the two copies is right.
local letters = "abcdefghijklmnopqrstuvwxyz_"

local function is_even(copy)
  local _, count = copy:gsub("1", "")
  return count % 2 == 0
end

local function encode(text)
  local flashes = {}
  for letter in text:gmatch(".") do
    local code = letters:find(letter, 1, true)
    for bit = 4, 0, -1 do flashes[#flashes + 1] = code >> bit & 1 end
  end
  local copy = table.concat(flashes)
  copy = copy .. (is_even(copy) and "0" or "1")
  return copy .. copy
end

local function decode(flashes)
  local half = #flashes // 2
  local copy = flashes:sub(1, half)
  if not is_even(copy) then copy = flashes:sub(half + 1) end
  local text = copy:sub(1, half - 1):gsub(".....", function(bits)
    local code = tonumber(bits, 2)
    return letters:sub(code, code)
  end)
  return text
end

local task, line = io.read("l", "l")
print(task == "encode" and encode(line) or decode(line))
