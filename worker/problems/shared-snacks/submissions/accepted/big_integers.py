# The bits of reach[i] are the sums that the first i bags can make.
n, s = map(int, input().split())
bags = list(map(int, input().split()))
mask = (1 << (s + 1)) - 1
reach = [1]
for biscuits in bags:
    reach.append((reach[-1] | reach[-1] << biscuits) & mask)
if not reach[n] >> s & 1:
    print(-1)
else:
    taken = []
    for i in range(n, 0, -1):
        if not reach[i - 1] >> s & 1:
            taken.append(i)
            s -= bags[i - 1]
    print(len(taken))
    print(*taken)
