void turn(int** tile, int tileSize, int* tileColSize) {
    for (int i = 0; i < tileSize / 2; ++i) {
        for (int j = i; j < tileSize - 1 - i; ++j) {
            int n = tileSize - 1, kept = tile[i][j];
            tile[i][j] = tile[n - j][i];
            tile[n - j][i] = tile[n - i][n - j];
            tile[n - i][n - j] = tile[j][n - i];
            tile[j][n - i] = kept;
        }
    }
}
