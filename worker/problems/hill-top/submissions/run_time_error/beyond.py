class Solution:
    def hillTop(self, heights):
        at = 0
        while heights[at + 1] > heights[at]:
            at += 1
        return at
