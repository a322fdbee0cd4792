import tensorflow as tf
from selfcheck.checks import check, equal, fail, random_input, values_close

WEIGHTS = tf.constant([[1.0, -1.0], [0.5, 2.0], [0.25, 4.0]])


def model(batch):
    return tf.tanh(batch @ WEIGHTS)


@check("the scores of each row", section="compiler-jit")
def values(s):
    scores = s.make_scores(model, 6)
    for length in (6, 1, 4):
        batch = tf.constant(random_input([length, 3]))
        values_close(scores(batch), model(batch), rtol=1e-4, what="the scores")


@check("as many results as rows", section="compiler-jit")
def lengths(s):
    scores = s.make_scores(lambda batch: tf.reduce_sum(batch, axis=1), 5)
    for length in (5, 3, 0):
        found = scores(tf.ones((length, 3))).shape.as_list()
        equal(found, [length], on=length, what="the shape of the result")


@check("batches of any rank", section="compiler-jit")
def ranks(s):
    for shape in ([2], [2, 3], [2, 3, 4]):
        batch = tf.constant(random_input(shape))
        found = s.make_scores(lambda x: x * 2.0, 4)(batch)
        values_close(found, batch * 2.0, what=f"the scores of a batch of shape {shape}")


@check("one trace, for the full shape", section="compiler-jit")
def traces(s):
    seen = []

    def spy(batch):
        seen.append(batch.shape.as_list())
        return model(batch)

    scores = s.make_scores(spy, 6)
    for length in (3, 6, 1, 5):
        scores(tf.ones((length, 3)))
    if seen != [[6, 3]]:
        fail(f"expected one trace of the model, with the shape [6, 3], got {seen}")


@check("compiled by XLA", section="compiler-jit")
def compiled(s):
    def texts(batch):
        return tf.strings.length(tf.strings.as_string(batch))

    scores = s.make_scores(texts, 2)
    try:
        scores(tf.ones((2, 3)))
    except tf.errors.InvalidArgumentError:
        return
    fail("expected the model to be compiled by XLA, which refuses texts; it was not")


@check("zeros fill the batch up", section="compiler-jit")
def zeros(s):
    scores = s.make_scores(lambda batch: batch + tf.reduce_sum(batch), 4)
    batch = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    what = "scores that depend on the sum of the whole batch"
    values_close(scores(batch), batch + 10.0, on=batch, what=what)
