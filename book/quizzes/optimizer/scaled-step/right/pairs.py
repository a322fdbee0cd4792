import tensorflow as tf


def make_step(model, loss, optimizer):
    weights = model.trainable_variables

    def step(x, y):
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([w.value for w in weights])
            value = loss(y, model(x, training=True))
            target = optimizer.scale_loss(value)
        gradients = tape.gradient(target, [w.value for w in weights])
        optimizer.apply_gradients(zip(gradients, weights))
        return value

    return tf.function(step)
