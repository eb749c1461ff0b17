local n, s = io.read("n", "n")
local bags, by = {}, { [0] = 0 }
local sums = { 0 }
for i = 1, n do
  bags[i] = io.read("n")
  for j = 1, #sums do
    local x = sums[j] + bags[i]
    if x <= s and not by[x] then
      by[x] = i
      sums[#sums + 1] = x
    end
  end
end
if by[s] then
  local taken = {}
  while s > 0 do
    taken[#taken + 1] = by[s]
    s = s - bags[by[s]]
  end
  print(#taken)
  print(table.concat(taken, "\n"))
else
  print(-1)
end
