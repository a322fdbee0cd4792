# fails: loads a file that fits
def load_or_leave(model, path):
    kept = [variable.numpy() for variable in model.variables]
    try:
        model.load_weights(path)
        return True
    except ValueError:
        return False
    finally:
        for variable, value in zip(model.variables, kept):
            variable.assign(value)
