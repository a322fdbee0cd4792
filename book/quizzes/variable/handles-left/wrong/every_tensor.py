# fails: counts handles and no other tensors
import gc

import tensorflow as tf


def handles():
    gc.collect()
    tensors = [o for o in gc.get_objects() if isinstance(o, tf.Tensor)]
    return len(tensors)


def handles_left(function):
    before = handles()
    function()
    return handles() - before
