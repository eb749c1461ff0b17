var stallPair = function(prices, budget) {
    const all = new Set(prices);
    for (const price of prices) if (all.has(budget - price)) return [price, budget - price];
    return [];
};
