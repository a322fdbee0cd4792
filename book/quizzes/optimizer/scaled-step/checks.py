import keras
import numpy as np
import tensorflow as tf
from selfcheck.checks import check, fail, random_input, values_close

MSE = keras.losses.MeanSquaredError()


def network(*extra):
    layers = [keras.Input((3,)), *extra, keras.layers.Dense(2)]
    model = keras.Sequential(layers)
    model.set_weights([random_input(w.shape) for w in model.get_weights()])
    return model


def batch():
    return tf.constant(random_input([4, 3])), tf.constant(random_input([4, 2]))


def descended(model, x, y, rate):
    with tf.GradientTape() as tape:
        value = MSE(y, model(x, training=True))
    weights = model.trainable_variables
    gradients = tape.gradient(value, [w.value for w in weights])
    return value, [w.numpy() - rate * g.numpy() for w, g in zip(weights, gradients)]


def compare(s, optimizer, rate):
    model, (x, y) = network(), batch()
    optimizer.build(model.trainable_variables)
    value, expected = descended(model, x, y, rate)
    found = s.make_step(model, MSE, optimizer)(x, y)
    for weight, after in zip(model.trainable_variables, expected):
        values_close(weight.numpy(), after, rtol=1e-4, what="a weight after one step")
    return found, value


@check("steps with a plain optimizer", section="optimizer-precision")
def plain(s):
    found, value = compare(s, keras.optimizers.SGD(0.1), 0.1)
    values_close(found, value, what="the loss")


@check("steps with a loss scale", section="optimizer-precision")
def scaled(s):
    inner = keras.optimizers.SGD(0.1)
    compare(s, keras.optimizers.LossScaleOptimizer(inner, initial_scale=256.0), 0.1)


@check("returns the loss in its true size", section="optimizer-precision")
def size(s):
    inner = keras.optimizers.SGD(0.1)
    found, value = compare(
        s, keras.optimizers.LossScaleOptimizer(inner, initial_scale=256.0), 0.1
    )
    values_close(found, value, what="the loss")


@check("follows a scale that changes", section="optimizer-precision")
def dynamic(s):
    model, (x, y) = network(), batch()
    optimizer = keras.optimizers.LossScaleOptimizer(
        keras.optimizers.SGD(0.1), initial_scale=8.0, dynamic_growth_steps=1
    )
    optimizer.build(model.trainable_variables)
    step = s.make_step(model, MSE, optimizer)
    for _ in range(3):
        _, expected = descended(model, x, y, 0.1)
        step(x, y)
    for weight, after in zip(model.trainable_variables, expected):
        values_close(weight.numpy(), after, rtol=1e-4, what="a weight after step 3")
    if float(optimizer.dynamic_scale) != 64.0:
        fail(
            f"expected a scale of 64 after 3 steps, got {float(optimizer.dynamic_scale)}"
        )


@check("is traced, and gives the loss what it expects", section="optimizer-settings")
def traced(s):
    model, (x, y) = network(), batch()
    runs = []

    def loss(truth, output):
        runs.append(1)
        return tf.reduce_mean((2.0 * truth - output) ** 2)

    value = loss(y, model(x))
    optimizer = keras.optimizers.SGD(0.0)
    optimizer.build(model.trainable_variables)
    step = s.make_step(model, loss, optimizer)
    runs.clear()
    found = [step(x, y) for _ in range(3)][-1]
    values_close(found, value, what="the loss loss(y, outputs)")
    if len(runs) != 1:
        fail(
            "expected the Python of the loss to run once in three steps of one trace, "
            f"it ran {len(runs)} times"
        )


@check("leaves frozen weights alone", section="optimizer-slots")
def frozen(s):
    model, (x, y) = network(keras.layers.Dense(3)), batch()
    model.layers[0].trainable = False
    before = model.layers[0].kernel.numpy()
    optimizer = keras.optimizers.SGD(0.1)
    optimizer.build(model.trainable_variables)
    s.make_step(model, MSE, optimizer)(x, y)
    values_close(model.layers[0].kernel.numpy(), before, what="a frozen kernel")


@check("calls the model in training", section="optimizer-precision")
def training(s):
    model, (x, y) = network(keras.layers.BatchNormalization()), batch()
    moving = model.layers[0].moving_mean
    before = moving.numpy()
    optimizer = keras.optimizers.SGD(0.0)
    optimizer.build(model.trainable_variables)
    s.make_step(model, MSE, optimizer)(x, y)
    if np.array_equal(before, moving.numpy()):
        fail("expected the moving mean of batch normalization to move; it did not")
