class Solution:
    def ponds(self, meadow):
        number = {}
        for i, row in enumerate(meadow):
            for j, square in enumerate(row):
                if square == "w":
                    number[i, j] = i * len(row) + j
        changed = True
        while changed:
            changed = False
            for (i, j), own in sorted(number.items(), reverse=True):
                least = min(number.get(near, own) for near in ((i, j), (i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)))
                if least < own:
                    number[i, j] = least
                    changed = True
        return len(set(number.values()))
