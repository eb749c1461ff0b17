# Halves the range of d, and floods the map by recursion, which is too deep for large maps.
import sys

data = list(map(int, sys.stdin.buffer.read().split()))
rows, columns = data[:2]
height = data[2:]


def flood(at, d, seen):
    seen.add(at)
    row, column = divmod(at, columns)
    for other, inside in (
        (at - columns, row > 0),
        (at + columns, row + 1 < rows),
        (at - 1, column > 0),
        (at + 1, column + 1 < columns),
    ):
        if inside and other not in seen and abs(height[at] - height[other]) <= d:
            flood(other, d, seen)
    return seen


low, high = 0, 10**9
while low < high:
    middle = (low + high) // 2
    if rows * columns - 1 in flood(0, middle, set()):
        high = middle
    else:
        low = middle + 1
print(low)
