# Sends everything three times; the majority is right.
task = input()
line = input()
letters = "abcdefghijklmnopqrstuvwxyz_"
if task == "encode":
    print("".join(f"{letters.index(letter):05b}" for letter in line) * 3)
else:
    third = len(line) // 3
    copies = [line[:third], line[third : 2 * third], line[2 * third :]]
    flashes = "".join("1" if column.count("1") > 1 else "0" for column in zip(*copies))
    print("".join(letters[int(flashes[i : i + 5], 2)] for i in range(0, third, 5)))
