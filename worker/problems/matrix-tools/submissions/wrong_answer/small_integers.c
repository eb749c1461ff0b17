/* Multiplies in 32 bits, which overflows (without a sign, so that it is no crash). */
#include <stdio.h>
#include <string.h>

struct matrix { unsigned rows, columns, at[12][12]; };

static struct matrix drawers[26];

static struct matrix multiply(const struct matrix *a, const struct matrix *b) {
    struct matrix result = {a->rows, b->columns, {{0}}};
    for (unsigned i = 0; i < a->rows; ++i)
        for (unsigned j = 0; j < b->columns; ++j)
            for (unsigned k = 0; k < a->columns; ++k)
                result.at[i][j] = (result.at[i][j] + a->at[i][k] * b->at[k][j]) % 1000003;
    return result;
}

int main(void) {
    int q;
    if (scanf("%d", &q) != 1) return 1;
    while (q-- > 0) {
        char command[8], x, y, z;
        if (scanf("%7s %c", command, &x) != 2) return 1;
        struct matrix *to = &drawers[x - 'A'], result = {0};
        if (!strcmp(command, "set")) {
            if (scanf("%u %u", &result.rows, &result.columns) != 2) return 1;
            for (unsigned i = 0; i < result.rows; ++i)
                for (unsigned j = 0; j < result.columns; ++j)
                    if (scanf("%u", &result.at[i][j]) != 1) return 1;
        } else if (!strcmp(command, "show")) {
            for (unsigned i = 0; i < to->rows; ++i)
                for (unsigned j = 0; j < to->columns; ++j)
                    printf("%u%c", to->at[i][j], j + 1 < to->columns ? ' ' : '\n');
            result = *to;
        } else {
            if (scanf(" %c", &y) != 1) return 1;
            const struct matrix a = drawers[y - 'A'];
            if (!strcmp(command, "flip")) {
                result.rows = a.columns;
                result.columns = a.rows;
                for (unsigned i = 0; i < a.rows; ++i)
                    for (unsigned j = 0; j < a.columns; ++j) result.at[j][i] = a.at[i][j];
            } else if (!strcmp(command, "pow")) {
                long long k;
                if (scanf("%lld", &k) != 1) return 1;
                struct matrix square = a;
                if (a.rows == a.columns) result.rows = result.columns = a.rows;
                for (unsigned i = 0; i < result.rows; ++i) result.at[i][i] = 1;
                for (; result.rows && k > 0; k /= 2) {
                    if (k % 2) result = multiply(&result, &square);
                    square = multiply(&square, &square);
                }
            } else {
                if (scanf(" %c", &z) != 1) return 1;
                const struct matrix b = drawers[z - 'A'];
                if (!strcmp(command, "mul")) {
                    if (a.rows && a.columns == b.rows) result = multiply(&a, &b);
                } else if (a.rows == b.rows && a.columns == b.columns) {
                    result = a;
                    for (unsigned i = 0; i < a.rows; ++i)
                        for (unsigned j = 0; j < a.columns; ++j) result.at[i][j] = (a.at[i][j] + b.at[i][j]) % 1000003;
                }
            }
        }
        if (result.rows) *to = result;
        else puts("error");
    }
    return 0;
}
