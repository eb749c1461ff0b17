# Expects -1, 0 or 1 from the scales.
low, high = 1, int(input())
while low < high:
    middle = (low + high) // 2
    print("ask", middle, flush=True)
    side = int(input())
    if side == 0:
        low = high = middle
    elif side > 0:
        low = middle + 1
    else:
        high = middle - 1
print("answer", low, flush=True)
