import tensorflow as tf


def make_scores(model, rows):
    """Return a compiled function of batches of at most `rows` rows."""

    @tf.function(jit_compile=True)
    def scores(batch):
        return model(batch)

    return scores
