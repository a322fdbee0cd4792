import numpy as np
import tensorflow as tf
from selfcheck.checks import check, fail, random_input, shape_dtype, values_close

DTYPES = ("int8", "uint8", "int32", "int64")


def draw(low, high):
    return int(random_input([], "int32", low, high))


def sums(add, numbers, what):
    for dtype in DTYPES:
        x = random_input([3], "int32", 1, 40).numpy().astype(dtype)
        for number in numbers:
            got = add(tf.constant(x), number)
            on = {"x": f"{x.tolist()} as {dtype}", "number": repr(number)}
            shape_dtype(got, [3], dtype, on=on, what=what)
            values_close(got, x + np.asarray(int(number), dtype), on=on, what=what)


def refused(add, dtype, number):
    try:
        got = add(tf.ones([2], dtype), number)
    except ValueError:
        return
    except Exception as error:
        name = type(error).__name__
        fail(f"expected a ValueError for {dtype} and {number!r}, got a {name}")
    fail(f"expected a ValueError for {dtype} and {number!r}, got {got!r:.60}")


@check("whole numbers", section="op-types")
def whole(s):
    k = draw(1, 40)
    numbers = [k, float(k), np.float64(k), np.float32(k), np.int32(k), np.uint8(k)]
    sums(s.add_exactly, numbers, "the sum")


@check("fractions", section="op-types")
def fractions(s):
    half = draw(1, 40) + 0.5
    for dtype in DTYPES:
        for number in (half, np.float64(half), np.float32(half), -0.25):
            refused(s.add_exactly, dtype, number)


@check("numbers out of range", section="op-types")
def limits(s):
    for dtype in DTYPES:
        held = np.iinfo(dtype)
        for number in (int(held.min), int(held.max)):
            got = s.add_exactly(tf.zeros([1], dtype), number)
            values_close(got, np.array([number], dtype), what=f"0 + {number}")
    for dtype in ("int8", "uint8", "int32"):
        held = np.iinfo(dtype)
        for number in (int(held.max) + 1, int(held.min) - 1, float(held.max) + 1):
            refused(s.add_exactly, dtype, number)
        refused(s.add_exactly, dtype, np.int64(held.max) + draw(1, 99))


@check("inside a tf.function", section="op-types")
def graph(s):
    def add(x, number):
        compiled = tf.function(lambda x: s.add_exactly(x, number), autograph=False)
        return compiled(x)

    k = draw(1, 40)
    sums(add, [k, np.float64(k)], "the sum in a graph")
    refused(add, "int32", np.float64(k + 0.5))
