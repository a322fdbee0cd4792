import keras


@keras.saving.register_keras_serializable("quiz")
class Block(keras.Model):
    """A number of convolutions, and a pooling that halves height and width."""

    def __init__(self, filters, repetitions):
        super().__init__()
        self.repetitions = repetitions
        for i in range(repetitions):
            vars(self)[f"conv2D_{i}"] = keras.layers.Conv2D(
                filters, 3, padding="same", activation="relu"
            )
        self.max_pool = keras.layers.MaxPooling2D()

    def convolution(self, i):
        return vars(self)[f"conv2D_{i}"]

    def call(self, inputs):
        for i in range(self.repetitions):
            inputs = self.convolution(i)(inputs)
        return self.max_pool(inputs)
