import tensorflow as tf


def first_crossing(values, limit):
    """Return the index of the first value above the limit, or -1, as int32."""
    for i in range(len(values)):
        if values[i] > limit:
            return i
    return -1
