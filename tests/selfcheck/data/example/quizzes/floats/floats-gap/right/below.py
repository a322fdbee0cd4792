import math


def gap(x):
    return math.ulp(math.nextafter(x, 0.0))
