import keras


@keras.saving.register_keras_serializable("quiz")
class Gain(keras.Model):
    def __init__(self, units, gain=1.0, activation=None, **options):
        super().__init__(**options)
        self.units, self.gain = units, gain
        self.activation = keras.activations.get(activation)
        self.dense = keras.layers.Dense(units, activation=self.activation)

    def call(self, inputs):
        return self.gain * self.dense(inputs)

    def get_config(self):
        config = {"units": self.units, "gain": self.gain, "name": self.name}
        config["activation"] = keras.activations.serialize(self.activation)
        return config | {"dense_trains": self.dense.trainable}

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        trains = config.pop("dense_trains")
        model = cls(**config)
        model.dense.trainable = trains
        return model
