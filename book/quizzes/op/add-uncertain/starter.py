import tensorflow as tf


class Uncertain:
    """A value and its error, two tensors of one shape."""

    def __init__(self, value, error):
        self.value, self.error = value, error
