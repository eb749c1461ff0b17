# @EXPECTED_RESULTS@: WRONG-ANSWER, RUN-ERROR
# Prolongs the ticket with each ride, and gives up where a card's number has ten digits or there are very many rides.
import sys

data = list(map(int, sys.stdin.buffer.read().split()))
n, d = data[:2]
if n > 50000 or max(data[3::2]) >= 10**9:
    raise OverflowError("too much for this program")
end = {}
bought = {}
for t, c in zip(data[2::2], data[3::2]):
    if end.get(c, 0) <= t:
        bought[c] = bought.get(c, 0) + 1
    end[c] = t + d
most, best = max((count, -card) for card, count in bought.items())
print(sum(bought.values()))
print(-best, most)
