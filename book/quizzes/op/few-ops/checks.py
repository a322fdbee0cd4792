import numpy as np
import tensorflow as tf
from selfcheck.checks import check, fail, random_input, values_close
from tensorflow.python.framework import op_callbacks


def setting(rows=5):
    points, center = random_input([rows, 3]), random_input([3])
    return points, center, np.linalg.norm(points.numpy() - center.numpy(), axis=1)


@check("the distances", section="op-cost")
def values(s):
    for rows in (5, 2, 3):
        points, center, expected = setting(rows)
        values_close(s.distances(points, center), expected, what="the distances")


@check("few ops, however many rows", section="op-cost")
def ops(s):
    ran = []

    def tap(op_type, inputs, attrs, outputs, op_name=None, graph=None):
        ran.append(op_type if isinstance(op_type, str) else op_type.decode())

    points, center, _ = setting(40)
    op_callbacks.add_op_callback(tap)
    try:
        s.distances(points, center)
    finally:
        op_callbacks.remove_op_callback(tap)
    if len(ran) > 8:
        fail(f"expected at most 8 ops for 40 rows, {len(ran)} ran: {ran[:6]} …")


@check("inside a tf.function", section="op-cost")
def graph(s):
    spec = [tf.TensorSpec([None, 3]), tf.TensorSpec([3])]
    compiled = tf.function(s.distances, autograph=False, input_signature=spec)
    points, center, expected = setting(4)
    values_close(compiled(points, center), expected, what="the distances in a graph")
