class Solution:
    def stallPair(self, prices, budget):
        answer = []
        for i in range(len(prices)):
            for j in range(i):
                if sum(prices[k] for k in sorted({i, j})) == budget:
                    answer = [j, i]
        return answer
