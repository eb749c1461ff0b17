#include "matrix.h"

#include <stdio.h>
#include <string.h>

static struct matrix drawers[26];

static struct matrix *drawer(void) {
    char name = 'A';
    if (scanf(" %c", &name) != 1) return drawers;
    return &drawers[name - 'A'];
}

static bool set(struct matrix *x) {
    if (scanf("%d %d", &x->rows, &x->columns) != 2) return false;
    for (int i = 0; i < x->rows; ++i)
        for (int j = 0; j < x->columns; ++j)
            if (scanf("%d", &x->entries[i][j]) != 1) return false;
    return true;
}

static bool show(const struct matrix *x) {
    for (int i = 0; i < x->rows; ++i)
        for (int j = 0; j < x->columns; ++j) printf("%d%c", x->entries[i][j], j + 1 < x->columns ? ' ' : '\n');
    return x->rows > 0;
}

static bool run(const char *command) {
    struct matrix *x = drawer();
    if (!strcmp(command, "set")) return set(x);
    if (!strcmp(command, "show")) return show(x);
    const struct matrix *y = drawer();
    if (!strcmp(command, "flip")) return matrix_flip(x, y);
    if (!strcmp(command, "pow")) {
        long long exponent = 0;
        return scanf("%lld", &exponent) == 1 && matrix_power(x, y, exponent);
    }
    const struct matrix *z = drawer();
    return !strcmp(command, "add") ? matrix_add(x, y, z) : matrix_multiply(x, y, z);
}

int main(void) {
    int q = 0;
    char command[8];
    if (scanf("%d", &q) != 1) return 1;
    while (q-- > 0 && scanf("%7s", command) == 1)
        if (!run(command)) puts("error");
    return 0;
}
