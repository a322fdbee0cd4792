import keras
import tensorflow as tf
from selfcheck.checks import check, fail


def names(s, layer, *inputs):
    return sorted(
        v.name.partition(":")[0].rpartition("/")[2] for v in s.untracked(layer, *inputs)
    )


def compare(found, expected, what):
    if found != expected:
        fail(f"expected {expected} for {what}, got {found}")


class Mixed(keras.layers.Layer):
    def __init__(self, inner=None, **options):
        super().__init__(**options)
        self.inner = inner

    def build(self, input_shape):
        self.w = tf.Variable(tf.ones(input_shape[-1]), name="w")
        self.b = self.add_weight(shape=(input_shape[-1],), name="b")
        self.unused = tf.Variable(1.0, name="unused")
        self.fixed = tf.Variable(1.0, trainable=False, name="fixed")

    def call(self, inputs):
        outputs = inputs * self.w + self.b + self.fixed
        return outputs if self.inner is None else self.inner(outputs)


@check("a variable of the engine", section="layer-track")
def engine(s):
    compare(names(s, Mixed(), tf.ones((2, 3))), ["w"], "a layer with w read and b listed")


@check("nothing, where all is listed", section="layer-track")
def listed(s):
    compare(names(s, keras.layers.Dense(2), tf.ones((2, 3))), [], "a dense layer")


@check("at any depth", section="layer-track")
def deep(s):
    layer = Mixed(inner=Mixed())
    compare(names(s, layer, tf.ones((2, 3))), ["w", "w"], "a layer within a layer")


@check("behind the layer's back", section="layer-track")
def hidden(s):
    class Hidden(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            vars(self)["dense"] = keras.layers.Dense(1, use_bias=False, name="hidden")

        def call(self, inputs):
            return vars(self)["dense"](inputs)

    layer = Hidden()
    layer(tf.ones((2, 3)))
    found = s.untracked(layer, tf.ones((2, 3)))
    if [tuple(v.shape) for v in found] != [(3, 1)]:
        fail(f"expected the kernel that was set by vars(self), got {found}")


@check("frozen weights are listed", section="layer-lock")
def frozen(s):
    layer = keras.layers.Dense(2)
    layer(tf.ones((2, 3)))
    layer.trainable = False
    compare(names(s, layer, tf.ones((2, 3))), [], "a frozen dense layer")


@check("several inputs", section="layer-call")
def several(s):
    factor = tf.Variable(2.0, name="factor")

    class Sum(keras.layers.Layer):
        def call(self, a, b):
            return a + factor * b

    compare(names(s, Sum(), tf.ones(2), tf.ones(2)), ["factor"], "a layer of two inputs")
