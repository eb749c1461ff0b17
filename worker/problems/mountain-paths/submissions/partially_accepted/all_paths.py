# Walks along every path that visits no square twice.
import sys

sys.setrecursionlimit(10000)
data = list(map(int, sys.stdin.buffer.read().split()))
rows, columns = data[:2]
height = data[2:]
visited = [False] * (rows * columns)
best = 1 << 60


def walk(at, worst):
    global best
    if at == rows * columns - 1:
        best = min(best, worst)
        return
    visited[at] = True
    row, column = divmod(at, columns)
    for other, inside in (
        (at - columns, row > 0),
        (at - 1, column > 0),
        (at + 1, column + 1 < columns),
        (at + columns, row + 1 < rows),
    ):
        if inside and not visited[other]:
            walk(other, max(worst, abs(height[at] - height[other])))
    visited[at] = False


walk(0, 0)
print(best)
