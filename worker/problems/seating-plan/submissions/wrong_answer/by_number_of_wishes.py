# Sorts the guests by how many want to sit to the left of them, which is not enough.
import sys

data = list(map(int, sys.stdin.buffer.read().split()))
n = data[0]
count = [0] * (n + 1)
for b in data[3::2]:
    count[b] += 1
order = sorted(range(1, n + 1), key=lambda guest: count[guest])
print(*order)
