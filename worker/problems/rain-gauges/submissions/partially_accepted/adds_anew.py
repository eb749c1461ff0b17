# @EXPECTED_SCORE@: 15
# Adds up every stretch anew: fast enough for the first group only.
n, s = map(int, input().split())
gauges = list(map(int, input().split()))
count = 0
for start in range(n):
    for end in range(start, n):
        total = 0
        for i in range(start, end + 1):
            total += gauges[i]
        if total == s:
            count += 1
print(count)
