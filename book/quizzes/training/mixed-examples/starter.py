import random

import keras
import tensorflow as tf


class Mixed(keras.Sequential):
    """Trains on mixtures of each example and its opposite in the batch."""

    def train_step(self, data):
        x, y = data
        t = random.random()
        x = t * x + (1.0 - t) * x[::-1]
        y = t * y + (1.0 - t) * y[::-1]
        return super().train_step((x, y))
