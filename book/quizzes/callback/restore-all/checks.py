import keras
import numpy as np
from selfcheck.checks import check, fail, random_input, values_close

NAN = float("nan")


class Play(keras.callbacks.Callback):
    """Puts values into the logs, and keeps the state of each epoch."""

    def __init__(self, values):
        super().__init__()
        self.values = values

    def on_train_begin(self, logs=None):
        self.states = []

    def on_epoch_end(self, epoch, logs=None):
        if self.values[epoch] is not None:
            logs["seen"] = self.values[epoch]
        optimizer = self.model.optimizer
        self.states.append(
            [
                [v.numpy().copy() for v in self.model.weights],
                [v.numpy().copy() for v in optimizer.variables],
            ]
        )

    def on_epoch_begin(self, epoch, logs=None):
        if epoch:
            self.model.optimizer.learning_rate = 0.05 / (epoch + 1)


def network():
    layers = [keras.layers.Dense(2), keras.layers.BatchNormalization()]
    model = keras.Sequential([keras.Input((2,)), *layers, keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.05), "mse", run_eagerly=True)
    return model


def fit(s, values, restore=None, model=None):
    model, play = model or network(), Play(values)
    restore = restore or s.RestoreAll("seen")
    x, y = random_input((8, 2)), random_input((8, 1))
    run = model.fit(x, y, 8, len(values), 0, callbacks=[play, restore])
    return model, play, restore, run


def best_epoch(restore, expected, values):
    if restore.best_epoch != expected:
        fail(
            f"expected best_epoch {expected} for the values {values}, got "
            f"{restore.best_epoch}"
        )


@check("finds the lowest value", section="callback-best")
def lowest(s):
    for values, expected in (([3.0, 1.0, 2.0], 1), ([2.0, 2.0], 0), ([3, 2, 1], 2)):
        best_epoch(fit(s, values)[2], expected, values)


@check("puts all weights back", section="callback-best")
def weights(s):
    model, play, _, _ = fit(s, [3.0, 1.0, 2.0, 4.0])
    for weight, expected in zip(model.weights, play.states[1][0]):
        values_close(weight.numpy(), expected, what=f"{weight.path} after fit")


@check("puts the optimizer back", section="callback-best")
def optimizer(s):
    model, play, _, _ = fit(s, [3.0, 1.0, 2.0, 4.0])
    for variable, expected in zip(model.optimizer.variables, play.states[1][1]):
        values_close(variable.numpy(), expected, what=f"{variable.path} after fit")


@check("lets the training run", section="callback-change")
def runs(s):
    epochs = len(fit(s, [1.0, 2.0, 3.0, 4.0])[3].epoch)
    if epochs != 4:
        fail(f"expected 4 epochs, as nobody wishes to stop, got {epochs}")


@check("takes no NaN for the best", section="callback-best")
def not_a_number(s):
    for values, expected in (([NAN, 3.0, 2.0], 2), ([3.0, NAN, 4.0], 0)):
        best_epoch(fit(s, values)[2], expected, values)


@check("skips an epoch without the value", section="callback-best")
def missing(s):
    values = [None, 2.0, None, 3.0]
    model, play, restore, _ = fit(s, values)
    best_epoch(restore, 1, values)
    model, play, restore, _ = fit(s, [None, None])
    best_epoch(restore, None, [None, None])
    for weight, expected in zip(model.weights, play.states[-1][0]):
        values_close(
            weight.numpy(), expected, what=f"{weight.path}, with no best epoch"
        )


@check("forgets an earlier training", section="callback-order")
def again(s):
    model, _, restore, _ = fit(s, [1.0, 2.0])
    values = [9.0, 5.0, 7.0]
    model, play, restore, _ = fit(s, values, restore, model)
    best_epoch(restore, 1, values)
    for weight, expected in zip(model.weights, play.states[1][0]):
        values_close(weight.numpy(), expected, what=f"{weight.path} after a second fit")
    steps = int(np.asarray(model.optimizer.iterations))
    if steps != 3:  # one of the first training's best epoch, and two
        fail(f"expected a counter of 3 steps, got {steps}")
