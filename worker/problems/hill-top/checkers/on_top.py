class Solution:
    def check(self, heights: List[int], expected: int, answer: int) -> bool:
        if not 0 <= answer < len(heights):
            return False
        west = heights[answer - 1] if answer > 0 else -1
        east = heights[answer + 1] if answer + 1 < len(heights) else -1
        return west < heights[answer] > east
