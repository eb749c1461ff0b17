class Solution:
    def ribbonCode(self, beads):
        written = ""
        while beads:
            length = min(9, len(beads) - len(beads.lstrip(beads[0])))
            written += beads[0] + (str(length) if length > 1 else "")
            beads = beads[length:]
        return written
