# fails: finds handles without a variable
import gc

import tensorflow as tf


def handles():
    gc.collect()
    return sum(isinstance(o, tf.Variable) for o in gc.get_objects())


def handles_left(function):
    before = handles()
    function()
    return handles() - before
