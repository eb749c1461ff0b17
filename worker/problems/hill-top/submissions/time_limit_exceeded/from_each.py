class Solution:
    def hillTop(self, heights):
        best = 0
        for begin in range(len(heights)):
            at = begin
            while at + 1 < len(heights) and heights[begin:at + 2] == sorted(set(heights[begin:at + 2])):
                at += 1
            best = max(best, at, key=lambda step: heights[step])
        return best
