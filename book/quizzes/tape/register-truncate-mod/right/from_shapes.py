import tensorflow as tf


@tf.RegisterGradient("TruncateMod")
def truncate_mod_gradient(op, dy):
    x, y = op.inputs
    ratio = x / y
    whole = tf.sign(ratio) * tf.floor(tf.abs(ratio))
    axes = tf.raw_ops.BroadcastGradientArgs(s0=tf.shape(x), s1=tf.shape(y))
    dx = tf.reshape(tf.reduce_sum(dy, axes[0]), tf.shape(x))
    dy_dy = tf.reshape(tf.reduce_sum(-whole * dy, axes[1]), tf.shape(y))
    return [dx, dy_dy]
