class Solution:
    def turn(self, tile):
        tile = [list(row) for row in zip(*tile[::-1])]
        return tile
