# fails: a variable of the engine
import tensorflow as tf


def untracked(layer, *inputs):
    """Return the variables that the call reads and the layer does not list."""
    layer(*inputs)
    return [v for v in vars(layer).values() if isinstance(v, tf.Variable)]
