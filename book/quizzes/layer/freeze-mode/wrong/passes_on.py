# fails: the layer inside is never in training
import keras


class Frozen(keras.layers.Layer):
    """Call a layer in inference mode, whatever the mode is outside."""

    def __init__(self, layer, **options):
        super().__init__(**options)
        self.layer, self.restore = layer, keras.layers.Identity()

    def call(self, inputs, training=False):
        outputs = self.layer(inputs, training=training)
        return self.restore(outputs, training=training)
