class Solution:
    def ribbonCode(self, beads):
        written = []
        beads = list(beads)
        while beads:
            length = sum(1 for _ in takewhile(lambda bead: bead == beads[0], beads[:]))
            written.append(beads[0] + (str(length) if length > 1 else ""))
            beads = [bead for at, bead in enumerate(beads) if at >= length]
        return "".join(written)
