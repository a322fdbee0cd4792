# fails: comes back from its configuration
import keras
from keras import ops


class SignDescent(keras.optimizers.Optimizer):
    """Step by the sign of a mean of gradients."""

    def __init__(self, learning_rate=0.001, beta=0.9, name="sign_descent", **options):
        super().__init__(learning_rate, name=name, **options)
        self.beta = beta

    def build(self, variables):
        if not self.built:
            super().build(variables)
            self._means = self.add_optimizer_variables(variables, "mean")

    def update_step(self, gradient, variable, learning_rate):
        mean = self._means[self._get_variable_index(variable)]
        self.assign_add(mean, (1 - self.beta) * ops.subtract(gradient, mean))
        rate = ops.cast(learning_rate, variable.dtype)
        self.assign_sub(variable, rate * ops.sign(mean))

    def get_config(self):
        return {"beta": self.beta}
