var stallPair = function(prices, budget) {
    const seen = new Map();
    for (let i = 0; i < prices.length; i++) {
        const other = seen.get(budget - prices[i]);
        if (other !== undefined) return [other, i];
        seen.set(prices[i], i);
    }
    return [];
};
