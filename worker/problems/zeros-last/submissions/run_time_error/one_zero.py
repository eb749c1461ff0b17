class Solution:
    def zerosLast(self, crates):
        crates.remove(0)
        crates.append(0)
        for _ in range(crates.count(0) - 1):
            crates.remove(0)
            crates.append(0)
