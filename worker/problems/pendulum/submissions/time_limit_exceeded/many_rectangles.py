# Divides the area into a million rectangles, which is more than is good for it.
from math import pi, radians, sin, sqrt

rectangles = 1_000_000
for _ in range(int(input())):
    length, theta = map(float, input().split())
    k = sin(radians(theta) / 2)
    width = pi / 2 / rectangles
    area = sum(width / sqrt(1 - (k * sin((i + 0.5) * width)) ** 2) for i in range(rectangles))
    print(4 * sqrt(length / 9.80665) * area)
