import keras
import numpy as np
from selfcheck.checks import check, fail, random_input, values_close


def fit(s, steps=1, batches=6, epochs=1, found=None, targets=None):
    """Train with a rate of 0, and return what was found and the loss of each batch."""
    zeros = keras.layers.Dense(1, kernel_initializer="zeros")
    model = keras.Sequential([keras.Input((1,)), zeros])
    model.compile(keras.optimizers.SGD(0.0), "mse", steps_per_execution=steps)
    y = random_input((2 * batches, 1)).numpy() if targets is None else targets
    found = found or s.BatchLosses()
    model.fit(np.ones_like(y), y, 2, epochs, 0, callbacks=[found], shuffle=False)
    return found, (y**2).reshape(batches, 2).mean(axis=1)


def compare(found, expected, what):
    losses = [float(value) for value in found.losses]
    if len(losses) != len(expected):
        fail(
            f"expected {len(expected)} numbers in losses, one for each execution, got "
            f"{len(losses)}: {what}"
        )
    values_close(losses, expected, rtol=1e-3, atol=1e-4, what=f"losses, {what}")


@check("has a number for each batch", section="callback-batch")
def counts(s):
    found, losses = fit(s, batches=1)
    compare(found, losses, "of one batch")


@check("takes means apart", section="callback-batch")
def apart(s):
    found, losses = fit(s)
    compare(found, losses, "of six batches")


@check("starts anew in each epoch", section="callback-batch")
def epochs(s):
    found, losses = fit(s, epochs=3)
    compare(found, np.tile(losses, 3), "of three epochs of six batches")


@check("gives the mean of several steps", section="callback-batch")
def executions(s):
    found, losses = fit(s, steps=3)
    expected = losses.reshape(2, 3).mean(axis=1)
    compare(found, expected, "of six batches in executions of three")


@check("knows that the last execution is short", section="callback-batch")
def short(s):
    found, losses = fit(s, steps=4, epochs=2)
    expected = [losses[:4].mean(), losses[4:].mean()]
    compare(found, expected * 2, "of two epochs of six batches in executions of four")


@check("forgets an earlier training", section="callback-order")
def again(s):
    found, _ = fit(s)
    found, losses = fit(s, found=found)
    compare(found, losses, "of a second fit")
