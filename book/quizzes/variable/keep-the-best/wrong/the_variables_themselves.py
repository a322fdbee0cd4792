# fails: brings the values back
import tensorflow as tf


class Keeper(tf.Module):

    def __init__(self, model):
        self.model = model

    def remember(self):
        self.best = list(self.model.variables)

    def restore(self):
        for v, kept in zip(self.model.variables, self.best):
            v.assign(kept)
