# fails: changes no weight if the file does not fit
import warnings


def load_or_leave(model, path):
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        model.load_weights(path, skip_mismatch=True)
    return not any("could not be loaded" in str(w.message) for w in heard)
