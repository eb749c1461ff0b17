class Solution:
    def overtakes(self, speeds: List[int]) -> int:
        rank = {speed: at for at, speed in enumerate(sorted(set(speeds)), 1)}
        tree = [0] * (len(rank) + 1)
        pairs = 0
        for seen, speed in enumerate(speeds):
            at = rank[speed]
            slower_or_equal = 0
            while at:
                slower_or_equal += tree[at]
                at &= at - 1
            pairs += seen - slower_or_equal
            at = rank[speed]
            while at < len(tree):
                tree[at] += 1
                at += at & -at
        return pairs
