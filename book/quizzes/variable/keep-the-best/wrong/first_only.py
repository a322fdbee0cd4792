# fails: remembers the last time that it was asked
import tensorflow as tf


class Keeper(tf.Module):

    def __init__(self, model):
        self.model, self.best = model, None

    def remember(self):
        self.best = self.best or [v.value() for v in self.model.variables]

    def restore(self):
        for v, kept in zip(self.model.variables, self.best):
            v.assign(kept)
