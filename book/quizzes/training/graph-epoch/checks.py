import numpy as np
import tensorflow as tf
from selfcheck.checks import check, fail, values_close


def data(n, size=2):
    x = np.arange(n, dtype=np.float32)
    return tf.data.Dataset.from_tensor_slices((x, 2.0 * x)).batch(size)


def product(x, y):
    return tf.reduce_sum(x * y)


def expected(n, size=2):
    x = np.arange(n, dtype=np.float32)
    sums = [np.sum(2 * x[i : i + size] ** 2) for i in range(0, n, size)]
    return np.float32(sums)


@check("returns the values of all steps, in order", section="training-epoch")
def values(s):
    found = s.make_epoch(product)(data(6))
    values_close(found, expected(6), what="the values of the steps")


@check("takes a short last batch", section="training-epoch")
def short(s):
    found = s.make_epoch(product)(data(7))
    values_close(found, expected(7), what="the values of the steps")


@check("begins each epoch at the beginning", section="training-epoch")
def again(s):
    epoch, dataset = s.make_epoch(product), data(7)
    for _ in range(3):
        values_close(epoch(dataset), expected(7), what="the values of the steps")


@check("Python does not run between batches", section="training-epoch")
def graph(s):
    runs = []

    def step(x, y):
        runs.append(1)
        return product(x, y)

    s.make_epoch(step)(data(200))
    if len(runs) > 5:
        fail(
            f"expected the step to be traced, not run; Python ran it {len(runs)} times"
        )


@check("does not trace again", section="training-trace")
def traces(s):
    runs = []

    def step(x, y):
        runs.append(1)
        return product(x, y)

    epoch = s.make_epoch(step)
    for n in (20, 20):
        epoch(data(n))
    before = len(runs)
    for n in (20, 30, 40):
        epoch(data(n))
    if len(runs) > before:
        fail("expected no trace in later epochs, nor for another length; there was one")


@check("keeps the order of changes to a variable", section="training-epoch")
def ordered(s):
    state = tf.Variable(1.0)

    def step(x, y):
        state.assign(2.0 * state + tf.reduce_sum(x))
        return state + 0.0

    value, want = 1.0, []
    for start in range(0, 7, 2):
        value = 2.0 * value + sum(range(start, min(start + 2, 7)))
        want.append(value)
    values_close(
        s.make_epoch(step)(data(7)), np.float32(want), what="a variable after each step"
    )


@check("an epoch of another length has its own values", section="training-epoch")
def lengths(s):
    epoch = s.make_epoch(product)
    for n in (4, 9):
        values_close(epoch(data(n)), expected(n), what=f"the values for {n} examples")
