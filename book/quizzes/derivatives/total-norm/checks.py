import numpy as np
import tensorflow as tf
from selfcheck.checks import check, fail, random_input, values_close
from tensorflow.python.framework import op_callbacks


def slices(indices, width=2, table=9):
    values = random_input([len(indices), width], low=0.5, high=2.0)
    return tf.IndexedSlices(values, tf.constant(indices), tf.constant([table, width]))


def summed(gradient):
    """Return the distinct rows of slices, added up in NumPy."""
    rows = {}
    for index, row in zip(gradient.indices.numpy(), gradient.values.numpy()):
        rows[index] = rows.get(index, 0.0) + row.astype(np.float64)
    return np.stack(list(rows.values()))


def length(*arrays):
    return np.sqrt(sum(np.sum(np.square(array)) for array in arrays))


@check("tensors and None", section="derivatives-sparse")
def tensors(s):
    a, b = random_input([2, 3]), random_input([4])
    values_close(s.total_norm([a, None, b]), length(a, b), what="the norm")
    values_close(s.total_norm([None]), 0.0, what="the norm where there is no gradient")


@check("distinct rows", section="derivatives-sparse")
def distinct(s):
    gradient, a = slices([5, 0, 8]), random_input([3])
    right = length(gradient.values, a)
    values_close(s.total_norm([gradient, a]), right, what="the norm of distinct rows")


@check("repeated rows", section="derivatives-sparse")
def repeated(s):
    for indices in ([4, 4], [4, 0, 4, 4, 0, 7]):
        gradient, a = slices(indices, width=3), random_input([2, 2])
        right = length(summed(gradient), a)
        got = s.total_norm([gradient, a])
        values_close(got, right, what=f"the norm of the rows {indices} and a tensor")
    first, second = slices([1, 1]), slices([1, 2])
    right = length(summed(first), summed(second))
    got = s.total_norm([first, second])
    values_close(got, right, what="the norm of slices of two tables")


@check("no table", section="derivatives-sparse")
def no_table(s):
    sizes = []

    def tap(op_type, inputs, attrs, outputs, op_name=None, graph=None):
        sizes.extend(t.shape.num_elements() or 0 for t in outputs)

    gradient = slices([90_000, 3, 90_000], table=100_000)
    op_callbacks.add_op_callback(tap)
    try:
        got = s.total_norm([gradient])
    finally:
        op_callbacks.remove_op_callback(tap)
    values_close(got, length(summed(gradient)), what="the norm of rows of 100 000")
    if max(sizes) > 1000:
        fail(
            "expected no tensor of the size of the table for three rows of it, got "
            f"one of {max(sizes)} numbers"
        )


@check("inside a tf.function", section="derivatives-sparse")
def in_graph(s):
    table = tf.Variable(random_input([6, 2]))

    @tf.function
    def step(ids):
        with tf.GradientTape() as tape:
            y = tf.reduce_sum(tf.gather(table, ids) ** 2)
        return s.total_norm(tape.gradient(y, [table]))

    ids = tf.constant([1, 4, 1])
    right = length(4.0 * table.numpy()[1], 2.0 * table.numpy()[4])
    values_close(step(ids), right, what="the norm in a graph")
