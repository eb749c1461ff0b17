class Solution:
    def turn(self, tile):
        old = [row[:] for row in tile]
        for i, row in enumerate(tile):
            for j in range(len(tile)):
                row[j] = old[len(tile) - j][i]
