class Solution:
    def ponds(self, meadow: List[List[str]]) -> int:
        count = 0
        for i, row in enumerate(meadow):
            for j, square in enumerate(row):
                if square != "w":
                    continue
                count += 1
                row[j] = "."
                wet = [(i, j)]
                while wet:
                    a, b = wet.pop()
                    for c, d in ((a + 1, b), (a - 1, b), (a, b + 1), (a, b - 1)):
                        if 0 <= c < len(meadow) and 0 <= d < len(row) and meadow[c][d] == "w":
                            meadow[c][d] = "."
                            wet.append((c, d))
        return count
