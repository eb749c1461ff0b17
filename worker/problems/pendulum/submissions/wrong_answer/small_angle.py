# What everybody remembers from school.
from math import pi, sqrt

for _ in range(int(input())):
    length, theta = map(float, input().split())
    print(2 * pi * sqrt(length / 9.80665))
