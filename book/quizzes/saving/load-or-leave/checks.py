import tempfile
import warnings

import keras
import numpy as np
from selfcheck.checks import check, equal, fail, random_input, values_close


def make(last, compiled=False):
    layers = [keras.layers.Dense(4), keras.layers.BatchNormalization()]
    model = keras.Sequential([keras.Input((4,)), *layers, keras.layers.Dense(last)])
    model.set_weights([random_input(w.shape) for w in model.get_weights()])
    if compiled:
        model.compile(keras.optimizers.SGD(0.125, momentum=0.5), "mse")
        model.train_on_batch(random_input([8, 4]), random_input([8, last]))
    return model


def saved(model):
    path = tempfile.mkdtemp() + "/m.weights.h5"
    model.save_weights(path)
    return path


def load(s, model, path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras warns of optimizers that it skips
        try:
            return s.load_or_leave(model, path)
        except (AttributeError, ValueError) as error:
            fail(f"expected True or False, got {error!r:.200}")


@check("loads a file that fits", section="saving-partial")
def fits(s):
    source, target = make(2), make(2)
    equal(load(s, target, saved(source)), True, what="the result for a file that fits")
    for found, expected in zip(target.get_weights(), source.get_weights()):
        values_close(found, expected, what="a weight that was loaded")


@check("changes no weight if the file does not fit", section="saving-partial")
def unfit(s):
    source, target = make(2), make(3)
    before = target.get_weights()
    equal(load(s, target, saved(source)), False, what="the result for another shape")
    for found, expected in zip(target.get_weights(), before):
        values_close(found, expected, what="a weight after a load that failed")


@check("changes no slot if the file does not fit", section="saving-resume")
def slots(s):
    # Two layers change places in size, so that the optimizers have equal numbers.
    source, target = make(2, compiled=True), make(3, compiled=True)
    source.train_on_batch(random_input([8, 4]), random_input([8, 2]))
    before = [v.numpy() for v in target.optimizer.variables]
    weights = target.get_weights()
    equal(load(s, target, saved(source)), False, what="the result for another shape")
    for variable, expected in zip(target.optimizer.variables, before):
        values_close(
            np.array(variable), expected, what=f"{variable.path} after a load that failed"
        )
    for found, expected in zip(target.get_weights(), weights):
        values_close(found, expected, what="a weight of a compiled model")


@check("works without an optimizer", section="saving-partial")
def plain(s):
    source, target = make(3, compiled=True), make(3)
    equal(load(s, target, saved(source)), True, what="the result without an optimizer")
    values_close(target.get_weights()[0], source.get_weights()[0], what="a kernel")


@check("passes other errors on", section="saving-partial")
def others(s):
    model = make(2)
    before = model.get_weights()
    path = tempfile.mkdtemp() + "/missing.weights.h5"
    try:
        s.load_or_leave(model, path)
    except OSError:
        for found, expected in zip(model.get_weights(), before):
            values_close(found, expected, what="a weight after the error")
        return
    fail("expected the error of a file that is not there; nothing was raised")
