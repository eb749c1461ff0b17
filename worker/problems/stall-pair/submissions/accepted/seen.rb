def stall_pair(prices, budget)
  seen = {}
  prices.each_with_index do |price, at|
    return [seen[budget - price], at] if seen.key?(budget - price)
    seen[price] = at
  end
  []
end
