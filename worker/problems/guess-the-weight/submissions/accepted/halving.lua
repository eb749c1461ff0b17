io.stdout:setvbuf("line")
local low, high = 1, io.read("n", "l")
while low < high do
  local middle = (low + high) // 2
  io.write("ask ", middle, "\n")
  local word = io.read("l")
  if word == "heavier" then
    low = middle + 1
  elseif word == "lighter" then
    high = middle - 1
  else
    low, high = middle, middle
  end
end
io.write("answer ", low, "\n")
