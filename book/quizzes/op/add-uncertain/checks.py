import numpy as np
import tensorflow as tf
from selfcheck.checks import check, fail, random_input, values_close


def draw(s, shape=(3,)):
    """Return an `Uncertain` with its value and its error as arrays."""
    value, error = random_input(shape), random_input(shape, "float32", 0.5, 2.0)
    return s.Uncertain(value, error), value.numpy(), error.numpy()


def compare(s, got, value, error, what):
    if not isinstance(got, s.Uncertain):
        fail(f"expected {what} to be an Uncertain, got {type(got).__name__}")
    values_close(got.value, value, what=f"the value of {what}")
    values_close(got.error, error, what=f"the error of {what}")


@check("tf.add of two", section="op-convert")
def two(s):
    for shape in ((3,), (), (2, 2)):
        (u, a, e), (v, b, f) = draw(s, shape), draw(s, shape)
        compare(s, tf.add(u, v), a + b, np.sqrt(e**2 + f**2), "tf.add(u, v)")
        twice = tf.add(tf.add(u, v), v)
        compare(
            s, twice, a + 2 * b, np.sqrt(e**2 + 2 * f**2), "tf.add(tf.add(u, v), v)"
        )


@check("a tensor on the left", section="op-convert")
def left(s):
    (u, a, e), x = draw(s), random_input([3])
    compare(s, x + u, x.numpy() + a, e, "x + u")


@check("inside a tf.function", section="op-convert")
def graph(s):
    (u, a, e), (v, b, f), x = draw(s), draw(s), random_input([3])
    add = tf.function(lambda u, v: tf.add(u, v), autograph=False)
    what = "tf.add(u, v) in a graph"
    compare(s, add(u, v), a + b, np.sqrt(e**2 + f**2), what)
    shift = tf.function(lambda x, u: x + u, autograph=False)
    compare(s, shift(x, u), x.numpy() + a, e, "x + u in a graph")
