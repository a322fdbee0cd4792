import numpy as np
import tensorflow as tf
from selfcheck.checks import (
    check,
    fail,
    gradient_close,
    random_input,
    random_variable,
    values_close,
)


class Pair:
    """A NumPy function, its backward function, and counts of their calls."""

    def __init__(self):
        self.p, self.q = random_input([2], "float64", 0.5, 2.0).numpy()
        self.forwards = self.backwards = 0

    def forward(self, x, y):
        _arrays("forward", x, y)
        self.forwards += 1
        return np.sin(self.p * x) * y**2 + self.q * x

    def backward(self, dy, x, y):
        _arrays("backward", dy, x, y)
        self.backwards += 1
        dx = self.p * np.cos(self.p * x) * y**2 + self.q
        return dy * dx, dy * 2.0 * y * np.sin(self.p * x)

    def reference(self, x, y):
        return tf.sin(self.p * x) * y**2 + self.q * x


def _arrays(name, *values):
    for value in values:
        if not isinstance(value, np.ndarray):
            fail(f"expected NumPy arrays for `{name}`, got a {type(value).__name__}")


def inputs():
    return [random_variable([2, 3], "float64", 0.5, 2.0) for _ in range(2)]


@check("values", section="tape-forge")
def values(s):
    pair, variables = Pair(), inputs()
    lifted = s.lift(pair.forward, pair.backward)
    values_close(lifted(*variables), pair.reference(*variables), what="the value")
    if pair.forwards != 1:
        fail(f"expected one call of `forward`, got {pair.forwards}")


@check("gradients are tensors", section="tape-forge")
def gradients_are_tensors(s):
    pair = Pair()
    lifted = s.lift(pair.forward, pair.backward)
    sources = [random_input([2, 3], "float64", 0.5, 2.0) for _ in range(2)]
    with tf.GradientTape() as tape:
        tape.watch(sources)
        y = lifted(*sources)
    for k, gradient in enumerate(tape.gradient(y, sources)):
        # A gradient that is missing is the next check's business.
        if gradient is not None and not tf.is_tensor(gradient):
            fail(
                f"expected a tensor as the gradient of input {k}, got "
                f"{type(gradient).__name__}: the tape hands on what a backward "
                "function returns, unconverted, and other records' functions take "
                "tensors; convert each array"
            )


@check("gradients of all inputs", section="tape-forge")
def gradients(s):
    pair = Pair()
    lifted = s.lift(pair.forward, pair.backward)
    gradient_close(lifted, *inputs(), expected=pair.reference)


@check("any upstream gradient", section="tape-forge")
def upstream(s):
    pair = Pair()
    lifted = s.lift(pair.forward, pair.backward)

    def in_the_middle(x, y):
        return tf.exp(0.1 * lifted(2.0 * x, y))

    def reference(x, y):
        return tf.exp(0.1 * pair.reference(2.0 * x, y))

    gradient_close(in_the_middle, *inputs(), expected=reference)


@check("backward only on demand", section="tape-forge")
def on_demand(s):
    pair, variables = Pair(), inputs()
    lifted = s.lift(pair.forward, pair.backward)
    with tf.GradientTape() as tape:
        y = lifted(*variables)
    if pair.backwards:
        fail("expected no call of `backward` before a gradient is asked for")
    tape.gradient(y, variables)
    if pair.backwards != 1:
        fail(f"expected one call of `backward`, got {pair.backwards}")


@check("two uses", section="tape-forge")
def two_uses(s):
    pair = Pair()
    lifted = s.lift(pair.forward, pair.backward)

    def twice(x, y):
        return lifted(x, y) + 3.0 * lifted(y, x)

    def reference(x, y):
        return pair.reference(x, y) + 3.0 * pair.reference(y, x)

    gradient_close(twice, *inputs(), expected=reference)


@check("values of the forward pass", section="tape-forge")
def forward_values(s):
    pair, variables = Pair(), inputs()
    lifted = s.lift(pair.forward, pair.backward)
    with tf.GradientTape(persistent=True) as tape:
        y, right = lifted(*variables), pair.reference(*variables)
    for variable in variables:
        variable.assign_add(tf.ones_like(variable))
    values_close(
        tape.gradient(y, variables),
        tape.gradient(right, variables),
        what="the gradients, after the variables were assigned new values",
    )
