class Solution:
    def sheets(self, stamps: List[int], postage: int) -> List[List[int]]:
        ways = [[[]]] + [[] for _ in range(postage)]
        for stamp in stamps:
            for worth in range(stamp, postage + 1):
                ways[worth] += [way + [stamp] for way in ways[worth - stamp]]
        return ways[postage]
