import numpy as np
import tensorflow as tf
from selfcheck.checks import check, fail, random_input, values_close


def setting(s):
    counts = random_input([4], "int32", 1, 500).numpy().tolist()
    factor = float(random_input([], "int32", 1, 50)) / 1000
    return s.Reading(counts, factor), np.array(counts) * factor


@check("beside a tensor", section="op-convert")
def sums(s):
    reading, volts = setting(s)
    x = random_input([4])
    values_close(tf.add(x, reading), x + volts.astype("f4"), what="tf.add(x, reading)")
    values_close(reading + x, x + volts.astype("f4"), what="reading + x")


@check("by itself", section="op-convert")
def alone(s):
    reading, volts = setting(s)
    mean = tf.reduce_mean(reading)
    if mean.dtype != tf.float32:
        fail(f"expected float32 where nobody asks for a dtype, got {mean.dtype.name}")
    values_close(mean, volts.mean(), what="the mean")


@check("follows an order", section="op-convert")
def order(s):
    reading, volts = setting(s)
    double = tf.constant([1.0], tf.float64)
    values_close(reading + double, volts + 1.0, what="reading + double")
    converted = tf.convert_to_tensor(reading, tf.float64)
    if converted.dtype != tf.float64:
        fail(f"expected float64 as ordered, got {converted.dtype.name}")


@check("inside a tf.function", section="op-convert")
def graph(s):
    reading, volts = setting(s)
    add = tf.function(lambda x: x + reading, autograph=False)
    x = random_input([4])
    values_close(add(x), x + volts.astype("f4"), what="the sum in a graph")
