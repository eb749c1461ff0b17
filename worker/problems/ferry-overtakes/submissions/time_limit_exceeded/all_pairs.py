class Solution:
    def overtakes(self, speeds):
        return sum(1 for i, early in enumerate(speeds) for late in speeds[i + 1:] if early > late)
