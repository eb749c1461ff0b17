class Solution:
    def stallPair(self, prices, budget):
        place = {price: at for at, price in enumerate(prices)}
        for at, price in enumerate(prices):
            if budget - price in place:
                return [at, place[budget - price]]
