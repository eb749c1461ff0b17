class Solution:
    def share(self, names: List[str]) -> List[List[str]]:
        huts = defaultdict(list)
        for name in names:
            huts["".join(sorted(name))].append(name)
        return list(huts.values())
