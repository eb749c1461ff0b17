# Takes the largest bag that still fits, again and again.
n, s = map(int, input().split())
bags = list(map(int, input().split()))
taken = []
for i in sorted(range(n), key=lambda i: -bags[i]):
    if bags[i] <= s:
        s -= bags[i]
        taken.append(i + 1)
print(-1 if s else len(taken))
if not s:
    print(*taken)
