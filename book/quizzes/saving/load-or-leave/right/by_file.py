import tempfile
import os


def load_or_leave(model, path):
    with tempfile.TemporaryDirectory() as folder:
        own = os.path.join(folder, "own.weights.h5")
        model.save_weights(own)  # with the optimizer
        try:
            model.load_weights(path)
        except ValueError:
            model.load_weights(own)
            return False
    return True
