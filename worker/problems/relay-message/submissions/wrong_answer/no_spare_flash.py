# Trusts the lightship: five flashes for each letter, and nothing to spare.
letters = "abcdefghijklmnopqrstuvwxyz_....."
task = input()
line = input()
if task == "encode":
    print("".join(f"{letters.index(letter):05b}" for letter in line))
else:
    print("".join(letters[int(line[i : i + 5], 2)] for i in range(0, len(line), 5)))
