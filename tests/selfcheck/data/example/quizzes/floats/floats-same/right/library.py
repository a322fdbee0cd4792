import math


def same(a, b):
    return math.isclose(a, b, rel_tol=0.1, abs_tol=0.0)
