# fails: is traced, and gives the loss what it expects
import tensorflow as tf


def make_step(model, loss, optimizer):
    """Return `step(x, y)`: one step of training, and the loss."""

    def step(x, y):
        with tf.GradientTape() as tape:
            value = loss(y, model(x, training=True))
            scaled = optimizer.scale_loss(value)
        weights = model.trainable_variables
        optimizer.apply(tape.gradient(scaled, [w.value for w in weights]), weights)
        return value

    return step
