class Solution:
    def stallPair(self, prices, budget):
        for i, price in enumerate(prices):
            for j in range(len(prices)):
                if price + prices[j] == budget:
                    return [i, j]
