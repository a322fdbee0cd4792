# fails: the name comes back
import keras


@keras.saving.register_keras_serializable("quiz")
class Gain(keras.Model):
    """`gain` times a dense layer: (B, n) to (B, units)."""

    def __init__(self, units, gain=1.0, activation=None, frozen=False, **options):
        super().__init__(**options)
        self.units, self.gain = units, gain
        self.activation = keras.activations.get(activation)
        self.dense = keras.layers.Dense(units, activation=self.activation)
        self.dense.trainable = not frozen

    def call(self, inputs):
        return self.gain * self.dense(inputs)

    def get_config(self):
        return {
            "units": self.units,
            "gain": self.gain,
            "activation": keras.activations.serialize(self.activation),
            "frozen": not self.dense.trainable,
        }
