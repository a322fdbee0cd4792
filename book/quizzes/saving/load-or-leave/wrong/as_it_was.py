# fails: changes no weight if the file does not fit
def load_or_leave(model, path):
    """Load weights and return True; if they do not fit, change nothing."""
    try:
        model.load_weights(path)
    except ValueError:
        return False
    return True
