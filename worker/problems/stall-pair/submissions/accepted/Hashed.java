class Solution {
    public int[] stallPair(int[] prices, int budget) {
        Map<Long, Integer> seen = new HashMap<>();
        for (int i = 0; i < prices.length; i++) {
            Integer other = seen.get((long) budget - prices[i]);
            if (other != null) return new int[] {other, i};
            seen.put((long) prices[i], i);
        }
        return new int[0];
    }
}
