class Solution:
    def share(self, names):
        huts = []
        for name in names:
            for hut in huts:
                if sorted(hut[0]) == sorted(name):
                    hut.append(name)
                    break
            else:
                huts.append([name])
        return [[name for name in names if sorted(name) == sorted(hut[0])] for hut in huts]
