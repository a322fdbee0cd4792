import numpy as np
import tensorflow as tf
from selfcheck.checks import check, equal, fail, random_input, values_close


def expected(x):
    return np.maximum.accumulate(np.asarray(x))


@check("the largest so far", section="autograph-loops")
def values(s):
    for x in ([1.0, 3.0, 2.0, 5.0], [-3.0, -5.0, -1.0], [2.0], random_input([9])):
        x = tf.constant(np.array(x, np.float32))
        values_close(s.maxima(x), expected(x), on=x.numpy(), what="maxima(x)")


@check("a gradient", section="autograph-loops")
def gradient(s):
    x = tf.constant([-4.0, -6.0, 1.0, 0.5, 7.0, 7.5])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = s.maxima(x)
    slope = tape.gradient(y, x)
    if slope is None:
        fail("expected a gradient of maxima(x) with respect to x, got None")
    values_close(
        slope, [2, 0, 2, 0, 1, 1], on=x.numpy(), what="the gradient of the sum"
    )


@check("no element at all", section="autograph-loops")
def empty(s):
    equal(
        s.maxima(tf.zeros(0)).shape.as_list(),
        [0],
        on=[],
        what="the shape of maxima([])",
    )


@check("one loop over the elements", section="autograph-loops")
def loop(s):
    graph = s.maxima.get_concrete_function().graph
    types = [op.type for op in graph.get_operations()]
    loops = [kind for kind in types if "While" in kind]
    if len(loops) != 1:
        fail(f"expected one While in the graph, got {loops}")


@check("a vector", section="autograph-loops")
def shape(s):
    result = s.maxima.get_concrete_function().structured_outputs
    if result.shape.rank != 1:
        fail(
            f"expected the trace to know that its result is a vector, got {result.shape}"
        )
