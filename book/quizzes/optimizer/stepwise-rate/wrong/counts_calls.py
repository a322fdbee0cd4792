# fails: gives the rate of each step
import keras
from keras import ops


class Stepwise(keras.optimizers.schedules.LearningRateSchedule):
    """A rate that changes at given steps."""

    def __init__(self, boundaries, rates):
        self.calls = -1
        self.boundaries, self.rates = list(boundaries), list(rates)

    def __call__(self, step):
        self.calls += 1
        passed = sum(self.calls > boundary for boundary in self.boundaries)
        return ops.convert_to_tensor(self.rates[passed], "float32")

    def get_config(self):
        return {"boundaries": self.boundaries, "rates": self.rates}
