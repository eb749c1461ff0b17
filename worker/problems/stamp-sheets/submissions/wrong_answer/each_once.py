class Solution:
    def sheets(self, stamps, postage):
        return [list(way) for count in range(1, len(stamps) + 1) for way in combinations(stamps, count) if sum(way) == postage]
