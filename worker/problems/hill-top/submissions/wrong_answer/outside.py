class Solution:
    def hillTop(self, heights):
        for at in range(1, len(heights) - 1):
            if heights[at - 1] < heights[at] > heights[at + 1]:
                return at
        return 0
