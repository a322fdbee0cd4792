# fails: slopes of both operands
import tensorflow as tf


@tf.RegisterGradient("TruncateMod")
def truncate_mod_gradient(op, dy):
    x, y = op.inputs
    return dy, -dy * x / y
