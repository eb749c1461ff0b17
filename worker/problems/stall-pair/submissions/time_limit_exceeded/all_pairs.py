class Solution:
    def stallPair(self, prices, budget):
        answer = []
        for i in range(len(prices)):
            for j in range(i):
                if prices[i] + prices[j] == budget:
                    answer = [j, i]
        return answer
