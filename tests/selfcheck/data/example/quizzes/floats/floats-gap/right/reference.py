import math


def gap(x):
    neighbor = math.nextafter(x, 0.0)
    return abs(x - neighbor)
