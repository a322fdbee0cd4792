import keras
import tensorflow as tf


class SignDescent(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.001, beta=0.9, name="sign_descent", **options):
        super().__init__(learning_rate, name=name, **options)
        self.beta = beta

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.slots = [
            self.add_variable_from_reference(v, name="mean") for v in variables
        ]

    def update_step(self, gradient, variable, learning_rate):
        slot = self.slots[self._get_variable_index(variable)]
        new = self.beta * tf.convert_to_tensor(slot) + (1 - self.beta) * gradient
        slot.assign(new)
        variable.assign_sub(tf.cast(learning_rate, variable.dtype) * tf.sign(new))

    def get_config(self):
        config = super().get_config()
        config.update(beta=self.beta)
        return config
