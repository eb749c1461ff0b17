#include "matrix.h"

bool matrix_add(struct matrix *result, const struct matrix *left, const struct matrix *right) {
    if (!left->rows || left->rows != right->rows || left->columns != right->columns) return false;
    struct matrix sum = *left;
    for (int i = 0; i < sum.rows; ++i)
        for (int j = 0; j < sum.columns; ++j) sum.entries[i][j] = (sum.entries[i][j] + right->entries[i][j]) % modulus;
    *result = sum;
    return true;
}

bool matrix_multiply(struct matrix *result, const struct matrix *left, const struct matrix *right) {
    if (!left->rows || left->columns != right->rows) return false;
    struct matrix product = {left->rows, right->columns, {{0}}};
    for (int i = 0; i < left->rows; ++i)
        for (int j = 0; j < right->columns; ++j) {
            long long entry = 0;
            for (int k = 0; k < left->columns; ++k) entry += (long long)left->entries[i][k] * right->entries[k][j];
            product.entries[i][j] = (int)(entry % modulus);
        }
    *result = product;
    return true;
}

bool matrix_flip(struct matrix *result, const struct matrix *operand) {
    if (!operand->rows) return false;
    struct matrix flipped = {operand->columns, operand->rows, {{0}}};
    for (int i = 0; i < operand->rows; ++i)
        for (int j = 0; j < operand->columns; ++j) flipped.entries[j][i] = operand->entries[i][j];
    *result = flipped;
    return true;
}

bool matrix_power(struct matrix *result, const struct matrix *base, long long exponent) {
    if (!base->rows || base->rows != base->columns) return false;
    struct matrix square = *base;
    struct matrix power = {base->rows, base->rows, {{0}}};
    for (int i = 0; i < base->rows; ++i) power.entries[i][i] = 1;
    for (; exponent > 0; exponent >>= 1) {
        if (exponent & 1) matrix_multiply(&power, &power, &square);
        matrix_multiply(&square, &square, &square);
    }
    *result = power;
    return true;
}
