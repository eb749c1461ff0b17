class Solution:
    def share(self, names):
        huts = defaultdict(list)
        for name in names:
            huts[name[0], "".join(sorted(name))].append(name)
        return list(huts.values())
