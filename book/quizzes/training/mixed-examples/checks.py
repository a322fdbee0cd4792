import keras
import numpy as np
import tensorflow as tf
from selfcheck.checks import check, fail, random_input, values_close


def recorded(s, n=6):
    """Return what the loss was given in each step, in a traced run."""
    seen = []

    class Recording(s.Mixed):
        def call(self, inputs, *args, **kwargs):
            tf.py_function(lambda v: seen.append(v.numpy()), [inputs], [])
            return super().call(inputs, *args, **kwargs)

    model = Recording([keras.Input((2,)), keras.layers.Dense(1)])
    targets = []

    def loss(y, p):
        tf.py_function(lambda v: targets.append(v.numpy()), [y], [])
        return tf.reduce_mean(tf.square(y - p), axis=-1)

    model.compile(keras.optimizers.SGD(0.0), loss)
    x = np.float32([[0.0, 4.0], [1.0, 3.0], [2.0, 2.0], [9.0, 0.0]])
    y = np.float32([[0.0], [1.0], [2.0], [10.0]])
    dataset = tf.data.Dataset.from_tensors((x, y)).repeat(n)
    model.fit(dataset, verbose=0)
    return x, y, seen, targets


def shares(x, mixed):
    """Return t for each batch, from its first element: 0 t + 9 (1 - t)."""
    return [1.0 - float(batch[0, 0]) / 9.0 for batch in mixed]


@check("each step draws a number of its own", section="training-mode")
def draws(s):
    x, _, seen, _ = recorded(s)
    found = {round(t, 5) for t in shares(x, seen)}
    if len(found) < 5:
        fail(f"expected 6 different shares in 6 steps, got {sorted(found)}")


@check("shares are between 0 and 1, and spread", section="training-mode")
def spread(s):
    x, _, seen, _ = recorded(s, 12)
    found = shares(x, seen)
    if min(found) < -1e-5 or max(found) > 1.00001:
        fail(f"expected shares between 0 and 1, got {min(found)} to {max(found)}")
    if max(found) - min(found) < 0.2:
        fail(f"expected shares all over 0 to 1, got {min(found)} to {max(found)}")


@check("examples are mixed with their opposites", section="training-own")
def inputs(s):
    x, _, seen, _ = recorded(s)
    for t, batch in zip(shares(x, seen), seen):
        values_close(batch, t * x + (1 - t) * x[::-1], atol=1e-4, what="the inputs")


@check("labels are mixed by the same number", section="training-own")
def labels(s):
    x, y, seen, targets = recorded(s)
    for t, target in zip(shares(x, seen), targets):
        values_close(target, t * y + (1 - t) * y[::-1], atol=1e-3, what="the labels")


@check("learns from the mixtures", section="training-own")
def learns(s):
    x = random_input([64, 3])
    y = x @ np.float32([[1.0], [2.0], [-1.0]])
    model = s.Mixed([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), "mse", metrics=["mae"])
    history = model.fit(x, y, 16, 60, verbose=0).history
    if not {"loss", "mae"} <= set(history):
        fail(f"expected loss and mae in the history, got {sorted(history)}")
    values_close(
        model.layers[0].kernel.numpy()[:, 0], [1, 2, -1], atol=0.1, what="the weights"
    )


@check("evaluate judges plain examples", section="training-own")
def evaluates(s):
    x = np.float32([[0.0], [2.0]])
    model = s.Mixed(
        [keras.Input((1,)), keras.layers.Dense(1, kernel_initializer="zeros")]
    )
    model.compile("sgd", "mse")
    values_close(model.evaluate(x, x, verbose=0), 2.0, what="the loss of evaluate")
