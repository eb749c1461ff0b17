# Looks at single gauges and at pairs of neighbours, and at nothing longer.
n, s = map(int, input().split())
gauges = list(map(int, input().split()))
print(gauges.count(s) + sum(a + b == s for a, b in zip(gauges, gauges[1:])))
