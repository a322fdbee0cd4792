import numpy as np
import tensorflow as tf
from selfcheck.checks import check, fail, random_input, values_close


def points():
    near = random_input([4], low=-3.0, high=3.0)
    far = random_input([2], low=90.0, high=900.0)
    return tf.concat([near, far, -far, [0.0]], axis=0)


def log_cosh(x):
    return np.logaddexp(x, -x) - np.log(2.0)


def close(got, right, x, what):
    if got is None:
        fail(f"{what}: expected numbers, got None")
    values_close(got, right, rtol=1e-4, atol=1e-5, on={"x": x}, what=what)


def exact(x):
    """Return value, slope, and curvature in float64."""
    x = x.numpy().astype(np.float64)
    return log_cosh(x), np.tanh(x), 1.0 - np.tanh(x) ** 2


@check("values", section="derivatives-safe")
def values(s):
    for x in (points(), tf.reshape(points()[:6], (2, 3)), tf.constant(-300.0)):
        close(s.log_cosh(x), exact(x)[0], x, "the values")


@check("slopes", section="derivatives-safe")
def slopes(s):
    x = points()
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = s.log_cosh(x)
    close(tape.gradient(y, x), exact(x)[1], x, "the slopes")


@check("in the middle of a program", section="derivatives-safe")
def middle(s):
    x, factor = points(), random_input([9], low=1.0, high=3.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = factor * s.log_cosh(x)
    close(tape.gradient(y, x), factor * exact(x)[1], x, "slopes times factors")


@check("curvatures", section="derivatives-safe")
def curvatures(s):
    x = points()
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = s.log_cosh(x)
        slope = inner.gradient(y, x)
    close(outer.gradient(slope, x), exact(x)[2], x, "the curvatures by two tapes")


@check("forward mode", section="derivatives-safe")
def forward(s):
    x = points()
    with tf.autodiff.ForwardAccumulator(x, tf.ones_like(x)) as accumulator:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = s.log_cosh(x)
        slope = tape.gradient(y, x)
    close(accumulator.jvp(y), exact(x)[1], x, "the slopes in forward mode")
    close(accumulator.jvp(slope), exact(x)[2], x, "the tangent of the gradient")
