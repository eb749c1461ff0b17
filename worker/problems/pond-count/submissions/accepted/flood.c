static bool dry(char** meadow, int rows, const int* columns, int i, int j) {
    if (i < 0 || j < 0 || i >= rows || j >= columns[i] || meadow[i][j] != 'w') return false;
    meadow[i][j] = '.';
    dry(meadow, rows, columns, i + 1, j);
    dry(meadow, rows, columns, i - 1, j);
    dry(meadow, rows, columns, i, j + 1);
    dry(meadow, rows, columns, i, j - 1);
    return true;
}

int ponds(char** meadow, int meadowSize, int* meadowColSize) {
    int count = 0;
    for (int i = 0; i < meadowSize; ++i) {
        for (int j = 0; j < meadowColSize[i]; ++j) count += dry(meadow, meadowSize, meadowColSize, i, j);
    }
    return count;
}
