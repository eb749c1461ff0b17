class Solution:
    def riverMean(self, levels, days):
        means = []
        for begin in range(len(levels) - days + 1):
            total = 0.0
            for at in range(begin, begin + days):
                total += levels[at]
                total = max(-1e9, total)
            means.append(total / days)
        return means
