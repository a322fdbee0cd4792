# fails: measures beside any float
import sys


def gap(x):
    return sys.float_info.epsilon
