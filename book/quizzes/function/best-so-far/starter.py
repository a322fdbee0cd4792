import tensorflow as tf


class Best:
    """The lowest loss so far, the last three losses, and the number of calls."""

    def __init__(self):
        self.lowest = float("inf")
        self.last = [0.0, 0.0, 0.0]
        self.calls = 0

    @tf.function
    def update(self, loss):
        """Note a loss; return by how much it is below the lowest one before."""
        before = self.lowest
        self.calls += 1
        self.last = [*self.last[1:], loss]
        self.lowest = min(before, loss)
        return max(before - loss, 0.0)
