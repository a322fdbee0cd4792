import numpy as np
import tensorflow as tf
from selfcheck.checks import check, same_eager_and_graph, values_close

random = np.random.default_rng()


def operands(x_shape, y_shape):
    """Return x and y, with all ratios away from the jumps at whole numbers."""
    while True:
        x = random.uniform(-9.0, 9.0, x_shape)
        y = random.uniform(0.5, 2.0, y_shape) * random.choice([-1.0, 1.0], y_shape)
        if np.all(np.abs(x / y - np.round(x / y)) > 0.02):
            return tf.constant(x), tf.constant(y)


def expected(x, y, upstream):
    """Return the right gradients, as NumPy arrays."""
    quotient = np.trunc(x.numpy() / y.numpy())
    pair = upstream.numpy(), -upstream.numpy() * quotient
    return [_sum_to(full, t.shape) for full, t in zip(pair, (x, y))]


def _sum_to(full, shape):
    full = full.sum(axis=tuple(range(full.ndim - len(shape))))
    axes = tuple(i for i, n in enumerate(shape) if n == 1)
    return full.sum(axis=axes, keepdims=True)


def gradients(x, y, upstream):
    with tf.GradientTape() as tape:
        tape.watch([x, y])
        rest = tf.raw_ops.TruncateMod(x=x, y=y)
    return tape.gradient(rest, [x, y], output_gradients=upstream)


def compare(x, y, upstream):
    what = f"x of shape {x.shape} and y of shape {y.shape}"
    got = gradients(x, y, upstream)
    for name, mine, right in zip("xy", got, expected(x, y, upstream)):
        assert mine is not None, f"Expected a gradient for {name}, got None."
        values_close(mine, right, f"the gradient of {name} for {what}")


@check("slopes of both operands", section="tape-registry")
def slopes(s):
    for _ in range(3):
        x, y = operands((6,), (6,))
        compare(x, y, tf.ones_like(x))


@check("any upstream gradient", section="tape-registry")
def upstream(s):
    x, y = operands((3, 4), (3, 4))
    compare(x, y, tf.constant(random.normal(size=(3, 4))))


@check("broadcasting", section="tape-registry")
def broadcasting(s):
    for shapes in [((2, 3), (3,)), ((3,), (2, 3)), ((4, 1), (3,)), ((2, 3), ())]:
        x, y = operands(*shapes)
        full = np.broadcast_shapes(*shapes)
        compare(x, y, tf.constant(random.normal(size=full)))


@check("inside a tf.function", section="tape-registry")
def in_graph(s):
    x, y = operands((2, 3), (3,))
    same_eager_and_graph(gradients, x, y, tf.ones((2, 3), tf.float64))
