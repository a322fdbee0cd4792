# fails: hears a wish to stop after a batch
import keras
import numpy as np


def drive(model, batches, members, epochs):
    """Train a model, and return a history."""
    hooks = keras.callbacks.CallbackList(
        members, add_history=True, model=model, epochs=epochs, steps=len(batches)
    )
    model.stop_training = False
    logs = {}
    hooks.on_train_begin()
    for epoch in range(epochs):
        losses = []
        hooks.on_epoch_begin(epoch)
        for number, (x, y) in enumerate(batches):
            hooks.on_train_batch_begin(number)
            losses.append(model.train_on_batch(x, y))
            hooks.on_train_batch_end(number, {"loss": losses[-1]})
            if model.stop_training:
                return model.history
        logs = {"loss": np.mean(losses)}
        hooks.on_epoch_end(epoch, logs)
        if model.stop_training:
            break
    hooks.on_train_end(logs)
    return model.history
