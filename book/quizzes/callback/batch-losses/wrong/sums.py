# fails: gives the mean of several steps
import keras


class BatchLosses(keras.callbacks.Callback):
    """Collects the mean loss of each execution in `losses`."""

    def on_train_begin(self, logs=None):
        self.losses = []

    def on_epoch_begin(self, epoch, logs=None):
        self.steps_done = self.total = 0

    def on_train_batch_end(self, batch, logs=None):
        steps_done = min(batch + 1, self.params["steps"])
        total = logs["loss"] * steps_done
        self.losses.append(total - self.total)
        self.steps_done, self.total = steps_done, total
