# fails: passes values and weights on
import keras


class Frozen(keras.layers.Layer):
    """Call a layer in inference mode, whatever the mode is outside."""

    def __init__(self, layer, **options):
        super().__init__(**options)
        self.layer, self.restore = layer, keras.layers.Identity()

    def call(self, inputs, training=False):
        outputs = self.layer(inputs, training=False)
        return self.restore(2.0 * outputs, training=training)
