/* Walks upwards through the sums, and so may use a bag more than once. */
#include <stdio.h>

int main(void) {
    static int last[10001], bag[101];
    int n, s;
    if (scanf("%d %d", &n, &s) != 2) return 1;
    last[0] = -1;
    for (int i = 1; i <= n; ++i) {
        if (scanf("%d", &bag[i]) != 1) return 1;
        for (int x = bag[i]; x <= s; ++x)
            if (!last[x] && last[x - bag[i]]) last[x] = i;
    }
    int count = 0;
    if (last[s])
        for (int x = s; x > 0; x -= bag[last[x]]) ++count;
    printf("%d\n", last[s] ? count : -1);
    if (last[s])
        for (int x = s; x > 0; x -= bag[last[x]]) printf("%d ", last[x]);
    puts("");
    return 0;
}
