# fails: changes no slot if the file does not fit
def load_or_leave(model, path):
    """Load weights and return True; if they do not fit, change nothing."""
    variables = list(model.variables)
    kept = [variable.numpy() for variable in variables]
    try:
        model.load_weights(path)
    except ValueError:
        for variable, value in zip(variables, kept, strict=True):
            variable.assign(value)
        return False
    return True
