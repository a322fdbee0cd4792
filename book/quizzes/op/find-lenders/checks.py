import random

import numpy as np
import tensorflow as tf
from selfcheck.checks import check, equal, fail, random_input

tf.zeros(1)  # the first op of a process takes the fallback, which copies
seed = int(random_input([], "int32", 0, 2**31 - 1))

WHOLE = {
    "tf.squeeze": tf.squeeze,
    "tf.stop_gradient": tf.stop_gradient,
    "tf.bitcast": lambda a: tf.bitcast(a, tf.int32),
    "tf.expand_dims": lambda a: tf.expand_dims(a, 0),
    "tf.constant": tf.constant,
    "tf.identity": tf.identity,
    "tf.add": lambda a: tf.add(a, 0.0),
    "tf.square": tf.square,
}
LENDING = {"tf.squeeze", "tf.stop_gradient", "tf.bitcast", "tf.expand_dims"}


def numbers(offset=0):
    """Return 64 random numbers, so many bytes behind an address that 64 divides."""
    room = np.zeros(512, np.uint8)
    start = -room.ctypes.data % 64 + offset
    array = room[start : start + 256].view(np.float32)
    array[:] = random_input([64]).numpy()
    return array


def shuffled(functions):
    names = list(functions)
    random.Random(seed).shuffle(names)
    return {name: functions[name] for name in names}


def compare(s, functions, array, lending, what):
    expected = [name for name in functions if name in lending]
    equal(list(s.lenders(functions, array)), expected, what=what)


@check("functions that lend", section="op-memory")
def whole(s):
    functions = shuffled(WHOLE)
    compare(s, functions, numbers(), LENDING, "the lenders at an aligned address")
    compare(s, functions, numbers(16), set(), "the lenders at another address")


@check("parts of the array", section="op-memory")
def parts(s):
    functions = {
        "from 48": lambda a: tf.squeeze(a[48:]),
        "from 5": lambda a: tf.squeeze(a[5:9]),
        "from 16": lambda a: tf.expand_dims(a[16:32], 0),
        "tf.constant from 16": lambda a: tf.constant(a[16:32]),
    }
    lending = {"from 48", "from 16"}
    compare(s, shuffled(functions), numbers(), lending, "the lenders of parts")


@check("one call of each", section="op-memory")
def calls(s):
    counts = dict.fromkeys(WHOLE, 0)

    def counted(name):
        def function(array):
            counts[name] += 1
            return WHOLE[name](array)

        return function

    s.lenders({name: counted(name) for name in WHOLE}, numbers())
    if set(counts.values()) != {1}:
        fail(f"expected one call of each function, got {counts}")


@check("the array stays", section="op-memory")
def unchanged(s):
    array = numbers()
    before = array.copy()
    s.lenders(WHOLE, array)
    if not np.array_equal(array, before):
        fail("expected the array with the numbers that it had, got others")


@check("a read-only array", section="op-memory")
def read_only(s):
    array = numbers()
    array.flags.writeable = False
    functions = shuffled(WHOLE)
    compare(s, functions, array, LENDING, "the lenders of a read-only array")
