class Solution:
    def ponds(self, meadow):
        water = {(i, j) for i, row in enumerate(meadow) for j, square in enumerate(row) if square == "w"}
        count = 0
        while water:
            count += 1
            wet = [water.pop()]
            while wet:
                i, j = wet.pop()
                near = {(i + a, j + b) for a in (-1, 0, 1) for b in (-1, 0, 1)} & water
                water -= near
                wet += near
        return count
