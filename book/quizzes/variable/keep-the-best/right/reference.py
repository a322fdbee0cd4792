import tensorflow as tf


class Keeper(tf.Module):
    """Remember the values of a module's variables, and bring them back."""

    def __init__(self, model):
        self.model = model

    def remember(self):
        """Keep the values that the model's variables have now."""
        self.best = [v.value() for v in self.model.variables]

    def restore(self):
        """Give the model's variables the values that were remembered last."""
        for v, kept in zip(self.model.variables, self.best):
            v.assign(kept)
