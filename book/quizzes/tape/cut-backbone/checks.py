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
    """Dense layers that count how often the backward pass comes through."""

    def __init__(self, *sizes):
        super().__init__()
        self.calls = self.passes = 0
        pairs = list(zip(sizes, sizes[1:]))
        self.weights = [tf.Variable(random.normal(size=pair)) for pair in pairs]
        self.biases = [tf.Variable(random.normal(size=pair[1:])) for pair in pairs]

    def __call__(self, x):
        self.calls += 1
        for w, b in zip(self.weights, self.biases):
            x = self._spy(tf.tanh(x @ w + b))
        return x

    def _spy(self, h):
        @tf.custom_gradient
        def spied(h):
            def backward(dh):
                self.passes += 1
                return dh

            return tf.identity(h), backward

        return spied(h)


def problem():
    width, rows = random.integers(3, 6), random.integers(4, 7)
    backbone, head = Net(4, width, width), Net(width, 2)
    x, y = random.normal(size=(rows, 4)), random.normal(size=(rows, 2))
    return backbone, head, tf.constant(x), tf.constant(y)


def full_gradients(backbone, head, x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((head(backbone(x)) - y) ** 2)
    return tape.gradient(loss, head.trainable_variables)


@check("gradients of the head", section="tape-frozen")
def same_gradients(s):
    for _ in range(2):
        args = problem()
        right = full_gradients(*args)
        values_close(s.head_gradients(*args), right, what="the gradients of the head")


@check("no backward pass through the backbone", section="tape-frozen")
def no_backward(s):
    backbone, head, x, y = problem()
    s.head_gradients(backbone, head, x, y)
    if backbone.passes:
        fail(
            "expected a backward pass that ends at the backbone's output; it called "
            f"{backbone.passes} backward functions inside the backbone"
        )
    if backbone.calls != 1:
        fail(f"expected one call of the backbone, got {backbone.calls}")


@check("inside a tf.function", section="tape-frozen")
def in_graph(s):
    backbone, head, x, y = problem()

    def head_gradients(x, y):
        return list(s.head_gradients(backbone, head, x, y))

    same_eager_and_graph(head_gradients, x, y)
