# Tries all orders, one after the other.
import itertools
import sys

data = list(map(int, sys.stdin.buffer.read().split()))
n = data[0]
wishes = list(zip(data[2::2], data[3::2]))
for order in itertools.permutations(range(1, n + 1)):
    seat = dict(zip(order, range(n)))
    if all(seat[a] < seat[b] for a, b in wishes):
        print(*order)
        break
else:
    print("impossible")
