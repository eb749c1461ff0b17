low, high = 1, int(input())
while low < high:
    middle = (low + high) // 2
    print("ask", middle, flush=True)
    word = input()
    if word == "heavier":
        low = middle + 1
    elif word == "lighter":
        high = middle - 1
    else:
        low = high = middle
print("answer", low, flush=True)
