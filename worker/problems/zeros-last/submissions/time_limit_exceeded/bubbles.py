class Solution:
    def zerosLast(self, crates):
        moved = True
        while moved:
            moved = False
            for at in range(len(crates) - 1):
                if crates[at] == 0 and crates[at + 1]:
                    crates[at], crates[at + 1] = crates[at + 1], 0
                    moved = True
                    break
