import numpy as np
import tensorflow as tf
from selfcheck.checks import check, same_eager_and_graph, values_close

random = np.random.default_rng()


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
        got, right = s.outer_gradients(*args), full_gradients(*args)
        values_close(list(got), list(right), "the gradients of bottom, then of top")


@check("no gradient for the frozen variables", section="tape-frozen")
def frozen_untouched(s):
    bottom, frozen, top, x, y = problem()
    s.outer_gradients(bottom, frozen, top, x, y)
    assert frozen.computed == 0, (
        "Expected a backward pass that computes no gradient for the frozen network's "
        f"matrix, but it computed {frozen.computed}."
    )
    watched = [v.trainable for v in frozen.variables]
    assert all(watched), "Expected the frozen network's variables as they were."


@check("inside a tf.function", section="tape-frozen")
def in_graph(s):
    bottom, frozen, top, x, y = problem()
    same_eager_and_graph(
        lambda x, y: s.outer_gradients(bottom, frozen, top, x, y), x, y
    )
