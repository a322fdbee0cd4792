import math


def gap(x):
    return math.ulp(x)
