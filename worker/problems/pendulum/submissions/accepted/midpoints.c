/* Adds up the integrand at midpoints: as it is smooth and periodic, 4000 of them are plenty. */
#include <math.h>
#include <stdio.h>

int main(void) {
    enum { points = 4000 };
    const double pi = acos(-1);
    int n;
    if (scanf("%d", &n) != 1) return 1;
    while (n-- > 0) {
        double length, theta;
        if (scanf("%lf %lf", &length, &theta) != 2) return 1;
        const double k = sin(theta * pi / 360);
        double sum = 0;
        for (int i = 0; i < points; ++i) {
            const double s = k * sin((i + 0.5) * pi / 2 / points);
            sum += 1 / sqrt(1 - s * s);
        }
        printf("%.10f\n", 4 * sqrt(length / 9.80665) * sum * pi / 2 / points);
    }
    return 0;
}
