import numpy as np
import tensorflow as tf
from selfcheck.checks import (
    check,
    fail,
    random_input,
    same_eager_and_graph,
    values_close,
)

# Seeded by the grader: other numbers in every grading, the same for the same seed.
random = np.random.default_rng(random_input([2], "int32", 0, 2**31 - 1).numpy())


class Net(tf.Module):
    """A dense layer that counts the gradients computed for its matrix."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.computed = 0
        self.kernel = tf.Variable(random.normal(size=(inputs, outputs)))
        self.offset = tf.Variable(random.normal(size=(outputs,)))

    def __call__(self, x):
        return tf.tanh(x @ self._probe(self.kernel) + self.offset)

    def _probe(self, kernel):
        @tf.custom_gradient
        def probed(kernel):
            def backward(dy):
                self.computed += 1
                return dy

            return tf.identity(kernel), backward

        return probed(kernel)


def problem():
    a, b = random.integers(3, 6, size=2)
    nets = Net(4, a), Net(a, b), Net(b, 2)
    x, y = random.normal(size=(5, 4)), random.normal(size=(5, 2))
    return *nets, tf.constant(x), tf.constant(y)


def full_gradients(bottom, frozen, top, x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((top(frozen(bottom(x))) - y) ** 2)
    return tape.gradient(loss, [*bottom.trainable_variables, *top.trainable_variables])


@check("gradients of both ends", section="tape-frozen")
def same_gradients(s):
    for _ in range(2):
        args = problem()
        right = full_gradients(*args)
        what = "the gradients of bottom, then of top"
        values_close(s.outer_gradients(*args), right, what=what)


@check("no gradient for the frozen variables", section="tape-frozen")
def frozen_untouched(s):
    bottom, frozen, top, x, y = problem()
    s.outer_gradients(bottom, frozen, top, x, y)
    if frozen.computed:
        fail(
            "expected a backward pass that computes no gradient for the frozen "
            f"network's matrix; it computed {frozen.computed}"
        )
    if not all(variable.trainable for variable in frozen.variables):
        fail("expected the frozen network's variables as they were")


@check("inside a tf.function", section="tape-frozen")
def in_graph(s):
    bottom, frozen, top, x, y = problem()

    def outer_gradients(x, y):
        return list(s.outer_gradients(bottom, frozen, top, x, y))

    same_eager_and_graph(outer_gradients, x, y)
