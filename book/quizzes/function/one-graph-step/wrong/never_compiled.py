# fails: Python runs once
import tensorflow as tf


def compile_step(loss_of, variables, spec):
    """Return a function of a batch: its loss, and the loss's gradients."""

    def step(batch):
        with tf.GradientTape() as tape:
            loss = loss_of(batch)
        slopes = tape.gradient(loss, variables, unconnected_gradients="zero")
        return loss, slopes

    return step
