class Solution:
    def ponds(self, meadow):
        def dry(i, j):
            if i < 0 or j < 0 or meadow[i][j] != "w":
                return False
            meadow[i][j] = "."
            for a, b in ((i + 1, j), (i, j + 1), (i - 1, j), (i, j - 1)):
                dry(a, b)
            return True

        return sum(dry(i, j) for i in range(len(meadow)) for j in range(len(meadow[0])))
