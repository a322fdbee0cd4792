# fails: one weight per feature
import keras


@keras.saving.register_keras_serializable("quiz")
class Scale(keras.layers.Layer):
    """Multiply each feature by a weight."""

    def __init__(self, start=1.0, activation=None, **options):
        super().__init__(**options)
        self.start = start
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        start = keras.initializers.Constant(self.start)
        self.scale = self.add_weight(shape=(input_shape[1],), initializer=start)

    def call(self, inputs):
        return self.activation(inputs * self.scale)

    def get_config(self):
        activation = keras.activations.serialize(self.activation)
        return super().get_config() | {"start": self.start, "activation": activation}
