import tempfile

import keras
import numpy as np
import tensorflow as tf
from selfcheck.checks import check, fail, random_input, values_close


@check("computes", section="layer-build")
def computes(s):
    x = random_input([4, 3])
    values_close(s.Scale(start=2.0)(x), 2.0 * x, what="Scale(start=2.0)(x)")
    values_close(s.Scale()(x), x, what="Scale()(x)")
    found = s.Scale(start=-1.0, activation="relu")(x)
    values_close(found, tf.nn.relu(-x), what="Scale(start=-1.0, activation='relu')(x)")


@check("one weight per feature", section="layer-track")
def weights(s):
    layer = s.Scale()
    layer(random_input([4, 3]))
    shapes = [tuple(v.shape) for v in layer.trainable_variables]
    if shapes != [(3,)]:
        fail(f"expected the trainable variables to have the shapes [(3,)], got {shapes}")
    layer = s.Scale()
    layer(random_input([2, 4, 3]))
    shapes = [tuple(v.shape) for v in layer.trainable_variables]
    if shapes != [(3,)]:
        fail(f"expected one weight per feature of a (2, 4, 3) batch, [(3,)], got {shapes}")


@check("trains", section="layer-track")
def trains(s):
    model = keras.Sequential([keras.Input((3,)), s.Scale()])
    model.compile(keras.optimizers.SGD(0.5), "mse")
    x = np.array(random_input([64, 3]))
    model.fit(x, x * [1.0, -2.0, 0.5], epochs=40, verbose=0)
    values_close(
        model.get_weights()[0], [1.0, -2.0, 0.5], rtol=0.05, atol=0.05, what="the weight"
    )


@check("comes back from a file", section="layer-build")
def returns(s):
    x = random_input([4, 3])
    for activation in ("tanh", keras.ops.tanh, None):
        layer = s.Scale(start=3.0, activation=activation, name="own")
        model = keras.Sequential([keras.Input((3,)), layer])
        model.set_weights([np.float32([1.0, 2.0, 3.0])])
        with tempfile.TemporaryDirectory() as folder:
            model.save(folder + "/m.keras")
            again = keras.models.load_model(folder + "/m.keras")
        values_close(again(x), model(x), what=f"the loaded model with {activation}")
        if again.layers[0].name != "own":
            fail(f"expected the name 'own' after loading, got {again.layers[0].name!r}")
        if again.layers[0].start != 3.0:
            fail(f"expected start=3.0 after loading, got {again.layers[0].start}")
