class Solution:
    def turn(self, tile: List[List[int]]) -> None:
        tile[:] = [list(row) for row in zip(*tile[::-1])]
