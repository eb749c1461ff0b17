from itertools import accumulate

n, s = map(int, input().split())
seen = {0: 1}
count = 0
for total in accumulate(map(int, input().split())):
    count += seen.get(total - s, 0)
    seen[total] = seen.get(total, 0) + 1
# With s = 0 a sum must not be paired with itself; it is not, since it is looked for before it is noted.
print(count)
