# Cuts off a quarter at a time, which takes more than thirty weighings.
import sys

low, high = 1, int(input())
while low < high:
    quarter = low + (high - low) // 4
    print("ask", quarter, flush=True)
    word = sys.stdin.readline().strip()
    if word == "heavier":
        low = quarter + 1
    elif word == "lighter":
        high = quarter - 1
    elif word == "balanced":
        low = high = quarter
    else:
        sys.exit()  # the stallholder has had enough
print("answer", low, flush=True)
