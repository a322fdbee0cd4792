import itertools

import keras
import numpy as np
import tensorflow as tf
from selfcheck.checks import check, fail, random_input, shape_dtype, values_close

# Before any op runs: two devices, for the check with two replicas.
cpu = tf.config.list_physical_devices("CPU")[0]
part = tf.config.LogicalDeviceConfiguration()
tf.config.set_logical_device_configuration(cpu, [part, part])


def batch(*shape):
    return random_input(shape).numpy(), 4.0 * random_input(shape).numpy()


def excess(labels, outputs, width):
    return np.maximum(np.abs(labels - outputs) - width, 0.0)


@check("labels and outputs (B,) or (B, 1)", section="loss-shape")
def shapes(s):
    labels, outputs = batch(7)
    outputs[:2] = labels[:2] + np.float32([0.25, -0.25])  # within the width
    for left, right in itertools.product([(-1,), (-1, 1)], repeat=2):
        found = s.Tolerant(width=0.5)(labels.reshape(left), outputs.reshape(right))
        what = f"the loss for labels {left} and outputs {right}"
        values_close(found, excess(labels, outputs, 0.5).mean(), what=what)


@check("one number for each answer", section="loss-shape")
def answers(s):
    labels, outputs = (tf.constant(part) for part in batch(2, 3, 5))
    found = s.Tolerant(width=0.5).call(labels, outputs)
    shape_dtype(found, (2, 3), "float32", what="call on (2, 3, 5)")
    expected = excess(labels.numpy(), outputs.numpy(), 0.5).mean(-1)
    values_close(found, expected, what="call on (2, 3, 5)")
    labels, outputs = (tf.constant(part) for part in batch(9))
    found = s.Tolerant().call(labels, outputs)
    shape_dtype(found, (9,), what="call on (9,)")
    expected = excess(labels.numpy(), outputs.numpy(), 1.0)
    values_close(found, expected, what="call on (9,), with the default width")


@check("sample weights", section="loss-weights")
def weights(s):
    labels, outputs = batch(6)
    weight = np.float32([0, 2, 1, 0, 0.5, 3])
    expected = (weight * excess(labels, outputs, 0.5)).mean()
    for right in ((-1,), (-1, 1)):
        found = s.Tolerant(width=0.5)(labels, outputs.reshape(right), weight)
        values_close(found, expected, what=f"the weighted loss for outputs {right}")
    loss = s.Tolerant(width=0.5, reduction="sum")
    expected = (weight * excess(labels, outputs, 0.5)).sum()
    values_close(loss(labels, outputs, weight), expected, what="the sum")


@check("dead up to the width, and as steep as 1 beyond", section="loss-gradient")
def slope(s):
    loss, places = s.Tolerant(width=2.0, reduction="sum"), [-5.0, -1.5, 1.0, 3.0]
    outputs = tf.Variable([[place] for place in places])
    with tf.GradientTape() as tape:
        total = loss(tf.zeros((4, 1)), outputs)
    found = tape.gradient(total, outputs)
    values_close(found, [[-1], [0], [0], [1]], what=f"the slopes at {places}")


@check("comes back from a file", section="loss-parameters")
def file(s):
    labels, outputs = batch(6)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
    model.compile(loss=s.Tolerant(width=1.5, reduction="sum", name="band"))
    model.save("tolerant.keras")
    try:
        again = keras.models.load_model("tolerant.keras")
    except TypeError as error:
        line = str(error).splitlines()[0]
        fail(f"expected the file to load without custom_objects; Keras says: {line}")
    found = again.loss(labels[:, None], outputs[:, None])
    expected = excess(labels, outputs, 1.5).sum()
    values_close(found, expected, what="the loaded loss, with width 1.5 and a sum")
    if again.loss.name != "band":
        fail(f"expected the loaded loss to be called 'band', got {again.loss.name!r}")


@check("the same step on two replicas", section="loss-weights")
def replicas(s):
    two = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    weights = []
    for strategy in (tf.distribute.get_strategy(), two):
        with strategy.scope():
            dense = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
            model = keras.Sequential([keras.Input((1,)), dense])
            model.compile(keras.optimizers.SGD(0.1), s.Tolerant(width=0.5))
        inputs = np.float32([[1], [2], [3], [4]])
        model.fit(inputs, 0 * inputs[:, 0], batch_size=4, shuffle=False, verbose=0)
        weights.append(dense.kernel.numpy())
    values_close(weights[1], weights[0], what="the weight after a step on two replicas")
