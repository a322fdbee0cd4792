# fails: no backward pass through the backbone
import tensorflow as tf


def head_gradients(backbone, head, x, y):
    with tf.GradientTape() as tape:
        features = backbone(tf.stop_gradient(x))
        loss = tf.reduce_mean((head(features) - y) ** 2)
    return tape.gradient(loss, head.trainable_variables)
