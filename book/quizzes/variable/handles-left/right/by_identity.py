import gc

import tensorflow as tf


def is_handle(thing):
    return isinstance(thing, tf.Tensor) and thing.dtype == tf.resource


def handles_left(function):
    gc.collect()
    before = [o for o in gc.get_objects() if is_handle(o)]
    known = {id(o) for o in before}
    function()
    gc.collect()
    return len([o for o in gc.get_objects() if is_handle(o) and id(o) not in known])
