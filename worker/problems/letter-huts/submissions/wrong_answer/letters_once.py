class Solution:
    def share(self, names):
        huts = defaultdict(list)
        for name in names:
            huts[frozenset(name)].append(name)
        return list(huts.values())
