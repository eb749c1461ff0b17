class Solution:
    def stallPair(self, prices, budget):
        print([1, 2])
        print("0" * 32 + " 1 [1,2]")
        return None
