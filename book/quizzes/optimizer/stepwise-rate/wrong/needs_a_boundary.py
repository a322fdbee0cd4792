# fails: works without a boundary
import keras
from keras import ops


class Stepwise(keras.optimizers.schedules.LearningRateSchedule):
    """A rate that changes at given steps."""

    def __init__(self, boundaries, rates):
        self.boundaries, self.rates = list(boundaries), list(rates)

    def __call__(self, step):
        _ = self.boundaries[0]
        rate = ops.convert_to_tensor(self.rates[0], "float32")
        for boundary, later in zip(self.boundaries, self.rates[1:]):
            rate = ops.where(ops.greater_equal(step, boundary), later, rate)
        return rate

    def get_config(self):
        return {"boundaries": self.boundaries, "rates": self.rates}
