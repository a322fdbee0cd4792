import numpy as np
import tensorflow as tf
from selfcheck.checks import check, gradient_close, values_close

random = np.random.default_rng()


class Pair:
    """A NumPy function, its backward function, and counts of their calls."""

    def __init__(self):
        self.p, self.q = random.uniform(0.5, 2.0, 2)
        self.forwards = self.backwards = 0

    def forward(self, x, y):
        assert type(x) is type(y) is np.ndarray, "Expected NumPy arrays for `forward`."
        self.forwards += 1
        return np.sin(self.p * x) * y**2 + self.q * x

    def backward(self, dy, x, y):
        arrays = all(type(part) is np.ndarray for part in (dy, x, y))
        assert arrays, "Expected NumPy arrays for `backward`."
        self.backwards += 1
        dx = self.p * np.cos(self.p * x) * y**2 + self.q
        return dy * dx, dy * 2.0 * y * np.sin(self.p * x)

    def reference(self, x, y):
        return tf.sin(self.p * x) * y**2 + self.q * x


def inputs():
    return [tf.Variable(random.uniform(0.5, 2.0, (2, 3))) for _ in range(2)]


def slopes(f, variables):
    with tf.GradientTape() as tape:
        y = f(*variables)
    return tape.gradient(y, variables)


def compare(f, right, variables, what):
    got = slopes(f, variables)
    for k, gradient in enumerate(got):
        assert gradient is not None, f"Expected a gradient for input {k}, got None."
    values_close(got, slopes(right, variables), what)


@check("values", section="tape-forge")
def values(s):
    pair, variables = Pair(), inputs()
    lifted = s.lift(pair.forward, pair.backward)
    values_close(lifted(*variables), pair.reference(*variables), "the value")
    assert pair.forwards == 1, f"Expected one call of `forward`, got {pair.forwards}."


@check("gradients of all inputs", section="tape-forge")
def gradients(s):
    pair, variables = Pair(), inputs()
    lifted = s.lift(pair.forward, pair.backward)
    compare(lifted, pair.reference, variables, "the gradients")


@check("any upstream gradient", section="tape-forge")
def upstream(s):
    pair, variables = Pair(), inputs()
    lifted = s.lift(pair.forward, pair.backward)
    compare(
        lambda x, y: tf.exp(0.1 * lifted(2.0 * x, y)),
        lambda x, y: tf.exp(0.1 * pair.reference(2.0 * x, y)),
        variables,
        "the gradients of exp(0.1 * lifted(2 * x, y))",
    )


@check("backward only on demand", section="tape-forge")
def on_demand(s):
    pair, variables = Pair(), inputs()
    lifted = s.lift(pair.forward, pair.backward)
    with tf.GradientTape() as tape:
        y = lifted(*variables)
    assert pair.backwards == 0, "Expected no call of `backward` before `gradient`."
    tape.gradient(y, variables)
    assert pair.backwards == 1, f"Expected one call, got {pair.backwards}."


@check("two uses", section="tape-forge")
def two_uses(s):
    pair, variables = Pair(), inputs()
    lifted = s.lift(pair.forward, pair.backward)
    compare(
        lambda x, y: lifted(x, y) + 3.0 * lifted(y, x),
        lambda x, y: pair.reference(x, y) + 3.0 * pair.reference(y, x),
        variables,
        "the gradients of lifted(x, y) + 3 * lifted(y, x)",
    )


@check("values of the forward pass", section="tape-forge")
def forward_values(s):
    pair, variables = Pair(), inputs()
    lifted = s.lift(pair.forward, pair.backward)
    right = slopes(pair.reference, variables)
    with tf.GradientTape() as tape:
        y = lifted(*variables)
    for variable in variables:
        variable.assign_add(tf.ones_like(variable))
    got = tape.gradient(y, variables)
    values_close(got, right, "the gradients after the variables were assigned anew")
