import keras


class BatchLosses(keras.callbacks.Callback):
    losses = ()

    def on_train_begin(self, logs=None):
        self.losses = []

    def on_train_batch_begin(self, batch, logs=None):
        if batch == 0:
            self.mean = 0.0
        self.first = batch

    def on_train_batch_end(self, batch, logs=None):
        end = batch + 1 if batch < self.params["steps"] else self.params["steps"]
        new = (logs["loss"] * end - self.mean * self.first) / (end - self.first)
        self.losses.append(new)
        self.mean = logs["loss"]
