import numpy as np
import tensorflow as tf
from selfcheck.checks import check, fail, random_input, values_close


class Part(tf.Module):
    def __init__(self):
        super().__init__()
        self.bias = tf.Variable(random_input([3]))
        self.mean = tf.Variable(random_input([3]), trainable=False)


class Model(tf.Module):
    def __init__(self):
        super().__init__()
        self.kernel = tf.Variable(random_input([2, 3]))
        self.parts = [Part(), Part()]


def values(model):
    return [v.numpy() for v in model.variables]


def train(model):
    for v in model.variables:
        v.assign_add(1.0 + tf.abs(random_input(v.shape)))


def memory(tensor):
    return np.asarray(memoryview(tensor))


def compare(model, expected, what):
    for v, value in zip(model.variables, expected):
        values_close(v.value(), value, what=what)


@check("brings the values back", section="variable-buffer")
def back(s):
    model = Model()
    keeper = s.Keeper(model)
    keeper.remember()
    first = values(model)
    train(model)
    train(model)
    keeper.restore()
    compare(model, first, "a variable after restore()")
    train(model)
    keeper.restore()
    compare(model, first, "a variable after a second restore()")


@check("remembers the last time that it was asked", section="variable-buffer")
def last(s):
    model = Model()
    keeper = s.Keeper(model)
    keeper.remember()
    train(model)
    keeper.remember()
    second = values(model)
    train(model)
    keeper.restore()
    compare(model, second, "a variable after restore()")


@check("adds no variable to the module", section="variable-module")
def variables(s):
    model = Model()
    keeper = s.Keeper(model)
    keeper.remember()
    found, own = len(keeper.variables), len(model.variables)
    if found != own:
        fail(
            f"expected the keeper to list the model's {own} variables and no other, "
            f"got {found}"
        )


@check("copies nothing", section="variable-buffer")
def copies(s):
    model = Model()
    keeper = s.Keeper(model)
    train(model)
    places = [memory(v.value()).ctypes.data for v in model.variables]
    keeper.remember()
    train(model)
    keeper.restore()
    if places != [memory(v.value()).ctypes.data for v in model.variables]:
        fail(
            "expected the variables to get the very buffers back that they had when "
            "they were remembered; they lie elsewhere, so something was copied"
        )
