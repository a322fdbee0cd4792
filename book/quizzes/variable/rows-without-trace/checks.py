import numpy as np
import tensorflow as tf
from selfcheck.checks import check, fail, random_input, values_close


def setting():
    table = tf.Variable(random_input([6, 3]))
    numbers = random_input([4], "int32", 0, 6)
    return table, numbers, table.numpy()[numbers.numpy()]


@check("returns the rows", section="variable-sparse")
def values(s):
    for _ in range(2):
        table, numbers, expected = setting()
        values_close(s.rows(table, numbers), expected, what="the rows")
    values_close(s.rows(table, [1]), table.numpy()[1:2], what="one row")


@check("leaves the reads as they are", section="variable-sparse")
def lends(s):
    table, numbers, _ = setting()
    s.rows(table, numbers)
    reads = [np.asarray(memoryview(t)) for t in (table.value(), table.value())]
    if not np.shares_memory(*reads):
        fail(
            "expected two reads of the variable to share memory after the look-up, as "
            "before; they are copies, so the look-up was access by rows"
        )


@check("gradient reaches the variable", section="variable-reads")
def gradient(s):
    table, numbers, _ = setting()
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(s.rows(table, numbers))
    slope = tape.gradient(y, table)
    if slope is None:
        fail("expected a gradient of the rows for the variable, got None")
    counts = np.bincount(numbers.numpy(), minlength=6).astype(np.float32)
    expected = np.repeat(counts[:, None], 3, axis=1)
    values_close(tf.convert_to_tensor(slope), expected, what="the gradient")
