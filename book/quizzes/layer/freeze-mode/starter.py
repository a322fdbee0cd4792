import keras


class Frozen(keras.layers.Layer):
    """Call a layer in inference mode, whatever the mode is outside."""

    def __init__(self, layer, **options):
        super().__init__(**options)
        self.layer = layer

    def call(self, inputs):
        return self.layer(inputs, training=False)
