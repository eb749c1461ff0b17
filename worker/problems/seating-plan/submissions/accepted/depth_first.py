# Depth-first search with a stack of its own: each guest is seated to the left of all who were seated before.
import sys


def main():
    data = list(map(int, sys.stdin.buffer.read().split()))
    n = data[0]
    right_of = [[] for _ in range(n + 1)]
    for a, b in zip(data[2::2], data[3::2]):
        right_of[a].append(b)
    new, open_, seated = 0, 1, 2
    state = [new] * (n + 1)
    order = []
    for start in range(1, n + 1):
        if state[start] != new:
            continue
        state[start] = open_
        stack = [(start, iter(right_of[start]))]
        while stack:
            guest, others = stack[-1]
            other = next(others, None)
            if other is None:
                state[guest] = seated
                order.append(guest)
                stack.pop()
            elif state[other] == open_:
                print("impossible")
                return
            elif state[other] == new:
                state[other] = open_
                stack.append((other, iter(right_of[other])))
    print(*reversed(order))


main()
