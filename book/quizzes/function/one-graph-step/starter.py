import tensorflow as tf


def compile_step(loss_of, variables, spec):
    """Return a function of a batch: its loss, and the loss's gradients."""
    compiled = tf.function(loss_of)

    def step(batch):
        with tf.GradientTape() as tape:
            loss = compiled(batch)
        return loss, tape.gradient(loss, variables)

    return step
