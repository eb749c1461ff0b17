double* riverMean(double* levels, int levelsSize, int days, int* returnSize) {
    *returnSize = levelsSize - days + 1;
    double* means = malloc((size_t)*returnSize * sizeof(double));
    double sum = 0;
    for (int i = 0; i < levelsSize; ++i) {
        sum += levels[i];
        if (i >= days) sum -= levels[i - days];
        if (i >= days - 1) means[i - days + 1] = sum / days;
    }
    return means;
}
