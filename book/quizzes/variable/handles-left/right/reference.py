import gc

import tensorflow as tf


def handles():
    gc.collect()
    tensors = [o for o in gc.get_objects() if isinstance(o, tf.Tensor)]
    return sum(tensor.dtype == tf.resource for tensor in tensors)


def handles_left(function):
    """Return how many resource handles are alive after `function()` and not before."""
    before = handles()
    function()
    return handles() - before
