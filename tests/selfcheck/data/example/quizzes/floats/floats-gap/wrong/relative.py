# fails: measures beside 1.5
import sys


def gap(x):
    return x * sys.float_info.epsilon
