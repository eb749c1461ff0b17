/* Sorts the rides by card and time, then walks over each card's rides. */
#include <stdio.h>
#include <stdlib.h>

struct ride { int t, c; };

static int by_card(const void *left, const void *right) {
    const struct ride *a = left, *b = right;
    if (a->c != b->c) return a->c < b->c ? -1 : 1;
    return (a->t > b->t) - (a->t < b->t);
}

int main(void) {
    static struct ride rides[100000];
    int n, d;
    if (scanf("%d %d", &n, &d) != 2) return 1;
    for (int i = 0; i < n; ++i)
        if (scanf("%d %d", &rides[i].t, &rides[i].c) != 2) return 1;
    qsort(rides, n, sizeof rides[0], by_card);
    int all = 0, best = 0, most = 0;
    for (int i = 0; i < n;) {
        int card = rides[i].c, bought = 0, end = -1;
        for (; i < n && rides[i].c == card; ++i)
            if (rides[i].t > end) {
                end = rides[i].t + d - 1;
                ++bought;
            }
        all += bought;
        if (bought > most) {
            most = bought;
            best = card;
        }
    }
    printf("%d\n%d %d\n", all, best, most);
    return 0;
}
