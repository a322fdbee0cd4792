import keras
from keras import ops


class SignDescent(keras.optimizers.Optimizer):
    """Step by the sign of a mean of gradients."""

    def __init__(self, learning_rate=0.001, beta=0.9, name="sign_descent", **options):
        super().__init__(learning_rate, name=name, **options)
        self.beta = beta

    def update_step(self, gradient, variable, learning_rate):
        self.assign_sub(variable, learning_rate * ops.sign(gradient))
