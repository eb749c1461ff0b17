public class Solution {
    public void Turn(int[][] tile) {
        Array.Reverse(tile);
        for (int i = 0; i < tile.Length; i++) {
            for (int j = 0; j < i; j++) {
                int kept = tile[i][j];
                tile[i][j] = tile[j][i];
                tile[j][i] = kept;
            }
        }
    }
}
