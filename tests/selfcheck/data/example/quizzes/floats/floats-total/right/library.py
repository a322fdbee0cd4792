import math


def total(numbers):
    return math.fsum(numbers)
