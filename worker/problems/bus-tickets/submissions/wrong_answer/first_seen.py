# Among cards with equally many tickets, takes the one that was seen first.
import sys

data = list(map(int, sys.stdin.buffer.read().split()))
d = data[1]
end = {}
bought = {}
for t, c in zip(data[2::2], data[3::2]):
    if end.get(c, 0) <= t:
        end[c] = t + d
        bought[c] = bought.get(c, 0) + 1
best = max(bought, key=bought.get)
print(sum(bought.values()))
print(best, bought[best])
