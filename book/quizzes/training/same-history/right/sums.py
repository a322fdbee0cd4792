import tensorflow as tf


def train(model, optimizer, loss, dataset, epochs):
    """Return the loss of each epoch, as `fit` would tell it."""
    weights = model.trainable_variables
    optimizer.build(weights)

    def step(x, y):
        with tf.GradientTape() as tape:
            value = loss(y, model(x, training=True)) + sum(model.losses)
            scaled = optimizer.scale_loss(value)
        optimizer.apply(tape.gradient(scaled, weights), weights)
        return value

    step = tf.function(step, reduce_retracing=True, autograph=False)
    losses = []
    for _ in range(epochs):
        total = count = 0.0
        for x, y in dataset:
            total += float(step(x, y)) * len(x)
            count += len(x)
        losses.append(total / count)
    return losses
