import numpy as np
import tensorflow as tf
from selfcheck.checks import check, equal, fail, random_input, values_close


def losses(n=6):
    """Random losses; the second one is the lowest of the first four."""
    values = random_input([n], low=1.0, high=9.0).numpy()
    values[1] = 0.5
    return values


def gains_of(values):
    lowest, gains = np.inf, []
    for value in values:
        gains.append(max(lowest - value, 0.0))
        lowest = min(lowest, value)
    return np.float32(gains)


def feed(best, values):
    return [best.update(tf.constant(value)) for value in values]


def state(best, values, where):
    expected = np.concatenate([[0.0, 0.0, 0.0], values])[-3:]
    values_close(best.lowest, min(values), on=values, what=f"lowest {where}")
    values_close(tf.stack(list(best.last)), expected, on=values, what=f"last {where}")
    equal(int(best.calls), len(values), on=values, what=f"calls {where}")


@check("what update returns", section="function-order")
def returns(s):
    for values in (losses(), np.float32([4.0, 3.0, 3.0, 2.5, 8.0, 1.0])):
        got = feed(s.Best(), values)
        for n, (gain, expected) in enumerate(zip(got, gains_of(values))):
            values_close(gain, expected, on=values, what=f"the gain of call {n + 1}")


@check("the three attributes", section="function-trace")
def attributes(s):
    best, values = s.Best(), losses()
    values_close(tf.stack(list(best.last)), np.zeros(3), what="last before any call")
    for n, value in enumerate(values):
        best.update(tf.constant(value))
        state(best, values[: n + 1], f"after {n + 1} call(s)")


@check("objects of their own", section="function-captures")
def apart(s):
    first, second = s.Best(), s.Best()
    values, others = losses(), losses(2)
    feed(first, values)
    feed(second, others)
    state(first, values, "of an object, after calls of another")
    state(second, others, "of a second object")


@check("one trace", section="function-count")
def one_trace(s):
    best = s.Best()
    feed(best, losses())
    if not hasattr(best.update, "experimental_get_tracing_count"):
        fail("expected `update` to be a `tf.function`, it is a plain method")
    traces = best.update.experimental_get_tracing_count()
    equal(traces, 1, what="the number of traces in six calls")


@check("inside another tf.function", section="function-order")
def nested(s):
    best, values = s.Best(), losses(3)

    @tf.function
    def outer(losses):
        return [best.update(losses[n]) for n in range(3)]

    got = outer(tf.constant(values))
    values_close(tf.stack(got), gains_of(values), on=values, what="the gains")
    state(best, values, "after one call with three updates inside")
