import math

import keras


class RestoreAll(keras.callbacks.Callback):
    def __init__(self, monitor):
        super().__init__()
        self.monitor = monitor

    def on_train_begin(self, logs=None):
        self.best_epoch = None

    def on_epoch_end(self, epoch, logs=None):
        value = logs.get(self.monitor, math.nan)
        if math.isnan(value) or (self.best_epoch is not None and value >= self.best):
            return
        self.best_epoch, self.best = epoch, value
        self.weights = self.model.get_weights()
        store = {}
        self.model.optimizer.save_own_variables(store)
        self.store = {name: array.copy() for name, array in store.items()}

    def on_train_end(self, logs=None):
        if self.best_epoch is not None:
            self.model.set_weights(self.weights)
            self.model.optimizer.load_own_variables(self.store)
