class Solution:
    def ribbonCode(self, beads):
        sys.setrecursionlimit(2000)
        if not beads:
            return ""
        rest = beads.lstrip(beads[0])
        length = len(beads) - len(rest)
        return beads[0] + (str(length) if length > 1 else "") + self.ribbonCode(rest)
