class Solution:
    def riverMean(self, levels: List[float], days: int) -> List[float]:
        sums = list(accumulate(levels, initial=0.0))
        return [(sums[end] - sums[end - days]) / days for end in range(days, len(sums))]
