#ifndef MATRIX_H
#define MATRIX_H

#include <stdbool.h>

enum { size_max = 12, modulus = 1000003 };

/* A matrix without rows is an empty drawer. */
struct matrix {
    int rows, columns;
    int entries[size_max][size_max];
};

/* They return false, and leave the result alone, if the sizes do not fit. The result may be one of the operands. */
bool matrix_add(struct matrix *result, const struct matrix *left, const struct matrix *right);
bool matrix_multiply(struct matrix *result, const struct matrix *left, const struct matrix *right);
bool matrix_flip(struct matrix *result, const struct matrix *operand);
bool matrix_power(struct matrix *result, const struct matrix *base, long long exponent);

#endif
