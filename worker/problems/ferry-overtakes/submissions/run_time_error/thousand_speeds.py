class Solution:
    def overtakes(self, speeds):
        faster = [0] * 1000
        pairs = 0
        for speed in speeds:
            pairs += sum(faster[speed + 1:10])
            faster[speed] += 1
        return pairs
