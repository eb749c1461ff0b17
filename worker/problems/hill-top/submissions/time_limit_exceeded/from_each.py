class Solution:
    def hillTop(self, heights):
        best = 0
        for begin in range(len(heights)):
            at = begin
            while at + 1 < len(heights) and heights[at + 1] > heights[at]:
                at += 1
            best = max(best, at, key=lambda step: heights[step])
        return best
