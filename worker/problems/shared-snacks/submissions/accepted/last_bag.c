/* last[x]: the bag that reached x biscuits first, after which only bags with smaller numbers are needed. */
#include <stdio.h>

int main(void) {
    static int last[10001], bag[101];
    int n, s;
    if (scanf("%d %d", &n, &s) != 2) return 1;
    last[0] = -1;
    for (int i = 1; i <= n; ++i) {
        if (scanf("%d", &bag[i]) != 1) return 1;
        for (int x = s; x >= bag[i]; --x)
            if (!last[x] && last[x - bag[i]]) last[x] = i;
    }
    if (!last[s]) {
        puts("-1");
        return 0;
    }
    int count = 0;
    for (int x = s; x > 0; x -= bag[last[x]]) ++count;
    printf("%d\n", count);
    for (int x = s; x > 0; x -= bag[last[x]]) printf("%d ", last[x]);
    puts("");
    return 0;
}
