# fails: chooses at each run of a trace
import keras
from keras import ops


class Stepwise(keras.optimizers.schedules.LearningRateSchedule):
    """A rate that changes at given steps."""

    def __init__(self, boundaries, rates):
        self.boundaries, self.rates = list(boundaries), list(rates)

    def __call__(self, step):
        for boundary, rate in zip(self.boundaries, self.rates):
            if isinstance(step, int) and step < boundary:
                return rate
        return self.rates[-1]

    def get_config(self):
        return {"boundaries": self.boundaries, "rates": self.rates}
