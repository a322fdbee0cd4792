import keras
from keras import ops


class Stepwise(keras.optimizers.schedules.LearningRateSchedule):
    """A rate that changes at given steps."""

    def __init__(self, boundaries, rates):
        self.boundaries, self.rates = list(boundaries), list(rates)

    def __call__(self, step):
        return self.rates[0]
