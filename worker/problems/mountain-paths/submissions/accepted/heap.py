# Always goes on from the square that can be reached most easily.
import heapq
import sys


def main():
    data = list(map(int, sys.stdin.buffer.read().split()))
    rows, columns = data[:2]
    height = data[2:]
    easiest = {0: 0}
    heap = [(0, 0)]
    while heap:
        d, at = heapq.heappop(heap)
        if at == rows * columns - 1:
            print(d)
            return
        if d > easiest[at]:
            continue
        row, column = divmod(at, columns)
        for other, inside in (
            (at - columns, row > 0),
            (at + columns, row + 1 < rows),
            (at - 1, column > 0),
            (at + 1, column + 1 < columns),
        ):
            if inside:
                worst = max(d, abs(height[at] - height[other]))
                if worst < easiest.get(other, 1 << 60):
                    easiest[other] = worst
                    heapq.heappush(heap, (worst, other))


main()
