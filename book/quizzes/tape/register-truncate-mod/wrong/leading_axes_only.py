# fails: broadcasting
import tensorflow as tf


def sum_to(gradient, source):
    extra = gradient.shape.rank - source.shape.rank
    return tf.reduce_sum(gradient, axis=list(range(extra)))


@tf.RegisterGradient("TruncateMod")
def truncate_mod_gradient(op, dy):
    x, y = op.inputs
    quotient = (x - op.outputs[0]) / y
    return sum_to(dy, x), sum_to(-dy * quotient, y)
