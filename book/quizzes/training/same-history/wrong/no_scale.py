# fails: a loss scale, and numbers of Python
import keras
import tensorflow as tf


def train(model, optimizer, loss, dataset, epochs):
    """Return the loss of each epoch, as `fit` would tell it."""
    mean = keras.metrics.Mean()
    chosen = model.trainable_variables
    optimizer.build(chosen)

    @tf.function(reduce_retracing=True, autograph=False)
    def descend(x, y):
        with tf.GradientTape() as tape:
            value = tf.add_n([loss(y, model(x, training=True)), *model.losses])
            scaled = value
        optimizer.apply(tape.gradient(scaled, chosen), chosen)
        mean.update_state(value, sample_weight=tf.shape(x)[0])

    losses = []
    for _ in range(epochs):
        mean.reset_state()
        for x, y in dataset:
            descend(x, y)
        losses.append(float(mean.result()))
    return losses
