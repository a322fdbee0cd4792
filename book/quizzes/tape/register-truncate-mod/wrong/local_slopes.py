# fails: any upstream gradient
import tensorflow as tf


@tf.RegisterGradient("TruncateMod")
def truncate_mod_gradient(op, dy):
    x, y = op.inputs
    return tf.ones_like(x), -(x - op.outputs[0]) / y
