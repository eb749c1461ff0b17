class Solution {
    public int hillTop(int[] heights) {
        int at = 0;
        while (at + 1 < heights.length && heights[at + 1] > heights[at]) at++;
        return at;
    }
}
