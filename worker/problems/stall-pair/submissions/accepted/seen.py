class Solution:
    def stallPair(self, prices: List[int], budget: int) -> List[int]:
        seen = {}
        for at, price in enumerate(prices):
            if budget - price in seen:
                return [seen[budget - price], at]
            seen[price] = at
        return []
