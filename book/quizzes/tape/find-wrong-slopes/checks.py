import numpy as np
import tensorflow as tf
from selfcheck.checks import check, fail, finite_differences, random_input


def tensor(*shape):
    return random_input(shape, "float64", 0.5, 2.0)


def expect(s, f, inputs, right, what):
    got = s.wrong_slopes(f, list(inputs))
    if not isinstance(got, (list, tuple)):
        fail(f"expected {right}, got {got} for {what}")
    got = [int(k) for k in got]
    if got != right:
        misjudged = sorted(set(got) ^ set(right))
        lines = [f"expected {right}, got {got} for {what}"]
        lines += [about(k, f, inputs) for k in misjudged if k in range(len(inputs))]
        fail("\n".join(lines))


def about(k, f, inputs):
    """Return a line with the shape of input k, its slope, and the tape's gradient."""
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        y = f(*inputs)
    gradient = tape.gradient(y, inputs)[k]
    slope = finite_differences(f, *inputs)[k]
    shape = "" if gradient is None else f" of shape {list(gradient.shape)}"
    return (
        f"input {k} of shape {list(inputs[k].shape)} has the slope {shown(slope)}, "
        f"and the tape returns {shown(gradient)}{shape}"
    )


def shown(array):
    if array is None:
        return "None"
    text = np.array2string(np.asarray(array), precision=4, separator=", ")
    return " ".join(text.split())


def forged(f, change):
    """Return f with gradients changed by `change(position, gradient)`."""

    @tf.custom_gradient
    def op(*inputs):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            y = f(*inputs)
        slopes = tape.gradient(y, inputs)

        def backward(dy):
            return [change(k, dy * slope) for k, slope in enumerate(slopes)]

        return tf.identity(y), backward

    return op


def smooth(a, b, c):
    return tf.reduce_sum(a * tf.exp(b) * tf.sin(c)) + tf.reduce_sum(a * b)


@check("right gradients", section="tape-check")
def right_ones(s):
    inputs = [tensor(2, 3), tensor(3), tensor()]
    expect(s, smooth, inputs, [], "a smooth function with right gradients")
    steep = lambda x: 1000.0 * tf.reduce_sum(x**3)  # noqa: E731
    expect(s, steep, [tensor(2, 2)], [], "a steep function with right gradients")


@check("a wrong factor", section="tape-check")
def wrong_factor(s):
    for k in range(3):
        f = forged(smooth, lambda i, g: g * 1.01 if i == k else g)
        inputs = [tensor(2, 3) + 1.0, tensor(2, 3) + 1.0, tensor(2, 3) * 0.2 + 0.5]
        expect(s, f, inputs, [k], f"a gradient of input {k} that is off by 1 %")


@check("one wrong element", section="tape-check")
def wrong_element(s):
    inputs = [tensor(2, 3), tensor(2, 3), tensor(2, 3)]
    for place in range(6):
        error = tf.one_hot(place, 6, 0.1, 0.0, dtype=tf.float64)
        f = with_error(tf.reshape(error, (2, 3)))
        expect(s, f, inputs, [1], f"an error in element {place} of input 1")


def with_error(error):
    return forged(smooth, lambda i, g: g - error if i == 1 else g)


@check("errors that cancel", section="tape-check")
def cancelling(s):
    f = forged(smooth, lambda i, g: tf.reverse(g, [0]) if i == 0 else g)
    inputs = [tensor(5), tensor(5), tensor(5)]
    expect(s, f, inputs, [0], "a gradient with its elements in reverse order")


@check("a lost path", section="tape-check")
def lost_path(s):
    detour = lambda a, b: tf.reduce_sum(a * b.numpy() * b.numpy())  # noqa: E731
    expect(s, detour, [tensor(3), tensor(3)], [1], "an input that goes through NumPy")
    half = lambda a, b: tf.reduce_sum(a * b * b.numpy())  # noqa: E731
    expect(s, half, [tensor(3), tensor(3)], [1], "an input with one path through NumPy")


@check("an input without influence", section="tape-check")
def no_influence(s):
    f = lambda a, b: tf.reduce_sum(a * a)  # noqa: E731
    expect(s, f, [tensor(3), tensor(2, 2)], [], "an input that is not used")


@check("a gradient of the wrong shape", section="tape-check")
def wrong_shape(s):
    @tf.custom_gradient
    def add(a, b):
        return a + b, lambda dy: (dy, dy)

    f = lambda a, b: tf.reduce_sum(add(a, b))  # noqa: E731
    # A single row: the gradient for b has all values right and one axis too many.
    expect(s, f, [tensor(1, 3), tensor(3)], [1], "a gradient with an axis too many")


@check("within the tolerance", section="tape-check")
def tolerance(s):
    steep = lambda x: 1000.0 * tf.reduce_sum(x**3)  # noqa: E731
    f = forged(steep, lambda i, g: g * 1.0005)
    expect(s, f, [tensor(2, 2)], [], "steep slopes that are off by 0.05 %")
    flat = lambda x: 0.01 * tf.reduce_sum(x)  # noqa: E731
    f = forged(flat, lambda i, g: g + 0.0005)
    expect(s, f, [tensor(2, 2)], [], "slopes of 0.01 that are off by 0.0005")
