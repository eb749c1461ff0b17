class Solution:
    def zerosLast(self, crates: List[int]) -> None:
        place = 0
        for at, apples in enumerate(crates):
            if apples:
                crates[at], crates[place] = crates[place], apples
                place += 1
