/* Stops the series in theta after three terms, which does for angles of a few degrees only. */
#include <math.h>
#include <stdio.h>

int main(void) {
    int n;
    if (scanf("%d", &n) != 1) return 1;
    while (n-- > 0) {
        double length, theta;
        if (scanf("%lf %lf", &length, &theta) != 2) return 1;
        const double pi = acos(-1);
        const double t2 = pow(theta * pi / 180, 2);
        printf("%.10f\n", 2 * pi * sqrt(length / 9.80665) * (1 + t2 / 16 + 11 * t2 * t2 / 3072));
    }
    return 0;
}
