class Solution:
    def ribbonCode(self, beads: str) -> str:
        written = []
        for bead, run in groupby(beads):
            length = len(list(run))
            written.append(bead if length == 1 else bead + str(length))
        return "".join(written)
