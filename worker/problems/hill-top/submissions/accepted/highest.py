class Solution:
    def hillTop(self, heights: List[int]) -> int:
        return heights.index(max(heights))
