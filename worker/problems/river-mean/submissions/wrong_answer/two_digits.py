class Solution:
    def riverMean(self, levels, days):
        return [round(sum(levels[at:at + days]) / days, 2) for at in range(len(levels) - days + 1)]
