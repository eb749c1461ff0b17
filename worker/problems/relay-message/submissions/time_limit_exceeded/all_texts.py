# Decodes by encoding all texts of the right length, until one comes close to what has been received.
import itertools

letters = "abcdefghijklmnopqrstuvwxyz_"
codes = {letter: f"{number:05b}" * 3 for number, letter in enumerate(letters)}
task = input()
line = input()
if task == "encode":
    print("".join(codes[letter] for letter in line))
else:
    for text in itertools.product(letters, repeat=len(line) // 15):
        flashes = "".join(codes[letter] for letter in text)
        if sum(a != b for a, b in zip(flashes, line)) <= 1:
            print("".join(text))
            break
