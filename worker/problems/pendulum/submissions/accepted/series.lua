-- The power series of the integral, as long as it is needed, after a few means have made it short.
local n = io.read("n")
for _ = 1, n do
  local length, theta = io.read("n", "n")
  local a, b = 1.0, math.cos(math.rad(theta) / 2)
  for _ = 1, 3 do
    a, b = (a + b) / 2, math.sqrt(a * b)
  end
  local m = 1 - (b / a) ^ 2
  local sum, term, i = 0, 1, 0
  while term > 1e-15 do
    sum = sum + term
    i = i + 1
    term = term * ((2 * i - 1) / (2 * i)) ^ 2 * m
  end
  print(string.format("%.9e", 2 * math.pi * math.sqrt(length / 9.80665) * sum / a))
end
