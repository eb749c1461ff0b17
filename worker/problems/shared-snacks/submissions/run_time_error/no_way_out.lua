-- Right as long as there is a way; otherwise it follows bags that do not exist.
local n, s = io.read("n", "n")
local bags, by = {}, { [0] = 0 }
for i = 1, n do
  bags[i] = io.read("n")
  for x = s, bags[i], -1 do
    if not by[x] and by[x - bags[i]] then by[x] = i end
  end
end
local taken = {}
while s > 0 do
  taken[#taken + 1] = by[s]
  s = s - bags[by[s]]
end
print(#taken, table.concat(taken, " "))
