# Looks through all tickets bought so far, for each ride.
import sys

data = list(map(int, sys.stdin.buffer.read().split()))
d = data[1]
tickets = []
for t, c in zip(data[2::2], data[3::2]):
    if not any(card == c and bought + d > t for bought, card in tickets):
        tickets.append((t, c))
counts = {}
for _, card in tickets:
    counts[card] = counts.get(card, 0) + 1
most, best = max((count, -card) for card, count in counts.items())
print(len(tickets))
print(-best, most)
