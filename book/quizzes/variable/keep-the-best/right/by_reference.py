import tensorflow as tf


class Keeper(tf.Module):
    def __init__(self, model):
        self.model = model

    def remember(self):
        self.best = [(v.ref(), v.read_value()) for v in self.model.variables]

    def restore(self):
        for reference, kept in self.best:
            reference.deref().assign(kept)
