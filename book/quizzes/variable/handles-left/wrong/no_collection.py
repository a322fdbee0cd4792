# fails: does not count what has gone
import gc

import tensorflow as tf


def handles():
    tensors = [o for o in gc.get_objects() if isinstance(o, tf.Tensor)]
    return sum(tensor.dtype == tf.resource for tensor in tensors)


def handles_left(function):
    before = handles()
    function()
    return handles() - before
