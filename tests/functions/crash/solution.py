class Solution:
    def countDown(self, start: int) -> int:
        if start == 0:
            raise ValueError("there is nothing below")
        return start - 1
