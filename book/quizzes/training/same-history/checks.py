import keras
import numpy as np
import tensorflow as tf
from selfcheck.checks import check, fail, random_input, values_close

MSE = keras.losses.MeanSquaredError()


def data(n=10):
    x = random_input([n, 3])
    return tf.data.Dataset.from_tensor_slices((x, x[:, :1] - 2.0)).batch(4)


def compare(s, build, epochs=3, n=10):
    models = build(), build()
    models[1].set_weights(models[0].get_weights())
    fitted, own = models
    dataset = data(n)
    fitted.compile(keras.optimizers.SGD(0.05), MSE)
    expected = fitted.fit(dataset, epochs=epochs, shuffle=False, verbose=0)
    found = s.train(own, keras.optimizers.SGD(0.05), MSE, dataset, epochs)
    if len(found) != epochs:
        fail(f"expected {epochs} numbers, one for each epoch, got {len(found)}")
    values_close(found, expected.history["loss"], rtol=1e-3, what="the losses")
    for mine, theirs in zip(own.get_weights(), fitted.get_weights()):
        values_close(mine, theirs, rtol=1e-3, atol=1e-5, what="a weight in the end")


def sequential(*layers):
    return keras.Sequential([keras.Input((3,)), *layers, keras.layers.Dense(1)])


@check("full batches, one layer", section="training-own")
def plain(s):
    compare(s, sequential, n=8)


@check("a short last batch", section="training-step")
def short(s):
    compare(s, sequential)


@check("a regularizer", section="training-step")
def regularized(s):
    compare(s, lambda: sequential(keras.layers.Dense(4, kernel_regularizer="l2")), n=8)


@check("batch normalization", section="training-mode")
def normalized(s):
    compare(s, lambda: sequential(keras.layers.BatchNormalization(momentum=0.5)), n=8)


@check("a frozen layer", section="training-stale")
def frozen(s):
    def build():
        model = sequential(keras.layers.Dense(4))
        model.layers[0].trainable = False
        return model

    compare(s, build, n=8)


@check("the step is traced", section="training-trace")
def traced(s):
    runs = []

    class Counting(keras.layers.Layer):
        def call(self, inputs):
            runs.append(1)
            return inputs

    model = sequential(Counting())
    runs.clear()
    s.train(model, keras.optimizers.SGD(0.05), MSE, data(40), 3)
    if len(runs) > 6:
        fail(
            f"expected Python to run the model a few times, in traces; it ran {len(runs)} times in 30 steps"
        )
    if not runs:
        fail("expected the model to be called; it was not")


@check("a loss scale, and numbers of Python", section="training-own")
def scaled(s):
    def scaler():
        inner = keras.optimizers.SGD(0.05)
        return keras.optimizers.LossScaleOptimizer(inner, initial_scale=64.0)

    (fitted, own), dataset = (sequential(), sequential()), data()
    own.set_weights(fitted.get_weights())
    fitted.compile(scaler(), MSE)
    expected = fitted.fit(dataset, epochs=2, shuffle=False, verbose=0).history["loss"]
    found = s.train(own, scaler(), MSE, dataset, 2)
    values_close(found, expected, rtol=1e-3, what="the losses with a loss scale")
    if not all(type(loss) is float for loss in found):
        fail(
            f"expected a list of floats, got {[type(loss).__name__ for loss in found]}"
        )


@check("labels come first", section="training-own")
def labels_first(s):
    def above(y_true, y_pred):
        return tf.reduce_mean(tf.nn.relu(y_pred - y_true) + 0.1 * tf.square(y_pred))

    (fitted, own), dataset = (sequential(), sequential()), data(8)
    own.set_weights(fitted.get_weights())
    fitted.compile(keras.optimizers.SGD(0.05), above)
    expected = fitted.fit(dataset, epochs=2, shuffle=False, verbose=0).history["loss"]
    found = s.train(own, keras.optimizers.SGD(0.05), above, dataset, 2)
    values_close(found, expected, rtol=1e-3, what="the losses")
