class Solution:
    def share(self, names):
        huts = defaultdict(list)
        for name in names:
            huts[min(name), max(name), "".join(sorted(name))].append(name)
        return list(huts.values())
