# Decides on one bag after the other, and remembers nothing.
n, s = map(int, input().split())
bags = list(map(int, input().split()))


def search(i, left):
    if left == 0:
        return []
    if i == n or left < 0:
        return None
    rest = search(i + 1, left - bags[i])
    return [i + 1] + rest if rest is not None else search(i + 1, left)


taken = search(0, s)
print(-1 if taken is None else len(taken))
if taken is not None:
    print(*taken)
