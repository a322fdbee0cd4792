import keras
import numpy as np
import tensorflow as tf
from selfcheck.checks import check, fail, random_input, values_close


def probing(s, calls=1):
    seen = []

    class Probe(keras.layers.Layer):
        def call(self, inputs, training=None):
            seen.append((self.name, bool(training)))
            return inputs

    class Outer(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.frozen = [s.Frozen(Probe(name="inside")) for _ in range(calls)]
            self.after = Probe(name="after")

        def call(self, inputs):
            for frozen in self.frozen:
                inputs = frozen(inputs)
            return self.after(inputs)

    outer = Outer()
    outer(tf.ones(2))
    seen.clear()
    return outer, seen


def modes(seen, name):
    return {mode for known, mode in seen if known == name}


@check("the layer inside is never in training", section="layer-training")
def inside(s):
    outer, seen = probing(s)
    for options in ({"training": True}, {"training": False}, {}):
        outer(tf.ones(2), **options)
    if modes(seen, "inside") != {False}:
        fail("expected the layer inside to see training=False in every call")


@check("what follows sees the mode of the outermost call", section="layer-training")
def after(s):
    for calls in (1, 2):
        for training in (True, False):
            outer, seen = probing(s, calls)
            outer(tf.ones(2), training=training)
            if modes(seen, "after") != {training}:
                fail(
                    f"expected the layer behind {calls} frozen ones to see "
                    f"training={training}, got {modes(seen, 'after')}"
                )


@check("passes values and weights on", section="layer-track")
def values(s):
    dense = keras.layers.Dense(2)
    frozen, x = s.Frozen(dense), random_input([4, 3])
    values_close(frozen(x), dense(x), what="the output")
    if len(frozen.variables) != 2:
        fail(f"expected the 2 variables of the layer inside, got {len(frozen.variables)}")


@check("works alone, and in a trace", section="layer-training")
def alone(s):
    norm = keras.layers.BatchNormalization()
    frozen, x = s.Frozen(norm), tf.constant(random_input([8, 3]))
    frozen(x)
    before = norm.moving_mean.numpy()
    frozen(x, training=True)
    tf.function(lambda x: frozen(x, training=True))(x)
    values_close(norm.moving_mean.numpy(), before, what="the moving mean inside")


@check("works in a functional model", section="layer-training")
def functional(s):
    inputs = keras.Input((64,))
    hidden = s.Frozen(keras.layers.Dropout(0.5))(inputs)
    model = keras.Model(inputs, keras.layers.Dropout(0.5)(hidden))
    ones = np.ones((4, 64), np.float32)
    if not np.any(model(ones, training=True) == 0.0):
        fail("expected the dropout behind to drop in training; it did not")
    if np.any(model(ones, training=True).numpy() > 2.0):
        fail("expected the dropout inside to drop nothing; it did")
