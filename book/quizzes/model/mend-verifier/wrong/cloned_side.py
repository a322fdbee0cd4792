# fails: has one set of weights
import keras
from keras import ops


@keras.saving.register_keras_serializable("quiz")
class Verifier(keras.Model):
    """Tell whether two inputs are of one class: near 1 for yes, near 0 for no."""

    def __init__(self, encoder=None, margin=1.0, **options):
        super().__init__(**options)
        self.encoder, self.margin = encoder, margin
        self.other = keras.models.clone_model(encoder)
        self.other.set_weights(encoder.get_weights())

    def call(self, inputs):
        squares = ops.square(self.encoder(inputs["left"]) - self.other(inputs["right"]))
        distance = ops.sqrt(ops.sum(squares, axis=-1) + 1e-7)
        return ops.sigmoid(self.margin - distance)

    def get_config(self):
        encoder = keras.saving.serialize_keras_object(self.encoder)
        return super().get_config() | {"encoder": encoder, "margin": self.margin}

    @classmethod
    def from_config(cls, config):
        encoder = keras.saving.deserialize_keras_object(config.pop("encoder"))
        return cls(encoder, **config)
