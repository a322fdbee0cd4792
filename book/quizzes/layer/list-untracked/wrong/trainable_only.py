# fails: frozen weights are listed
import tensorflow as tf


def untracked(layer, *inputs):
    """Return the variables that the call reads and the layer does not list."""
    with tf.GradientTape() as tape:
        layer(*inputs)
    listed = {id(weight.value) for weight in layer.trainable_variables}
    return [v for v in tape.watched_variables() if id(v) not in listed]
