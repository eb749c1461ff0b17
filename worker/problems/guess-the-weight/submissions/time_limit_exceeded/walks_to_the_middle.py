# Finds the middle of what is left by walking there from both ends.
low, high = 1, int(input())
while low < high:
    left, right = low, high
    while right - left > 1:
        left += 1
        right -= 1
    print("ask", left, flush=True)
    word = input()
    if word == "heavier":
        low = left + 1
    elif word == "lighter":
        high = left - 1
    else:
        low = high = left
print("answer", low, flush=True)
