# The integral is pi / 2 divided by the arithmetic-geometric mean of 1 and cos(theta / 2).
from math import cos, pi, radians, sqrt

for _ in range(int(input())):
    length, theta = map(float, input().split())
    a, b = 1.0, cos(radians(theta) / 2)
    while a - b > 1e-14:
        a, b = (a + b) / 2, sqrt(a * b)
    print(2 * pi * sqrt(length / 9.80665) / a)
