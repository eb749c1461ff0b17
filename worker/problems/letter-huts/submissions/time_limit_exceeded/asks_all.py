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
        same = lambda one, other: all(one.count(letter) == other.count(letter) for letter in sorted(one + other))
        return [[name for name in names if same(name, hut[0])] for hut in huts]
