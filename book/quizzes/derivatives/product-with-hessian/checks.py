import tensorflow as tf
from selfcheck.checks import check, fail, random_input, random_variable, values_close
from tensorflow.python.framework import op_callbacks


def matrix(rows, columns):
    return random_input([rows, columns], low=0.5, high=2.0)


@check("one variable", section="derivatives-hvp")
def one_variable(s):
    w, v, a = random_variable([4]), random_input([4]), matrix(4, 4)

    def quadratic():
        return tf.tensordot(w, tf.linalg.matvec(a, w), 1)

    right = tf.linalg.matvec(a + tf.transpose(a), v)
    got = s.hvp(quadratic, [w], [v])
    values_close(got, [right], what="the product for w·Aw, along v", on={"v": v})


@check("several variables", section="derivatives-hvp")
def several(s):
    a, b, c = random_variable([3]), random_variable([2, 2]), random_variable([])
    vectors = [random_input(shape, low=0.5) for shape in ([3], [2, 2], [])]

    def loss():
        return tf.reduce_sum(a**3) * tf.reduce_sum(b * b) + tf.sin(c) * a[0]

    got = s.hvp(loss, [a, b, c], vectors)
    va, vb, vc = vectors
    bb, mixed = tf.reduce_sum(b * b), 2.0 * tf.reduce_sum(b * vb)
    first = tf.one_hot(0, 3)
    of_a = 6.0 * a * va * bb + 3.0 * a * a * mixed + first * tf.cos(c) * vc
    of_b = 2.0 * vb * tf.reduce_sum(a**3) + 2.0 * b * tf.reduce_sum(3.0 * a * a * va)
    of_c = tf.cos(c) * va[0] - tf.sin(c) * a[0] * vc
    right = [of_a, of_b, of_c]
    values_close(got, right, rtol=1e-3, atol=1e-5, what="the products")


@check("variables without curvature", section="derivatives-nested")
def flat(s):
    a, b, c = (random_variable([3]) for _ in range(3))
    vectors = [random_input([3]) for _ in range(3)]
    got = s.hvp(lambda: tf.reduce_sum(a * a + 2.0 * b), [a, b, c], vectors)
    right = [2.0 * vectors[0], tf.zeros(3), tf.zeros(3)]
    what = "the products for a bent, a straight, and an unused variable"
    values_close(got, right, what=what)
    got = s.hvp(lambda: tf.reduce_sum(2.0 * b), [b, c], vectors[:2])
    what = "the products for a straight and an unused variable"
    values_close(got, [tf.zeros(3), tf.zeros(3)], what=what)


@check("without the matrix", section="derivatives-hvp")
def no_matrix(s):
    size = 60
    w, v = random_variable([size]), random_input([size])
    sizes, calls, walks = [], [], []

    def tap(op_type, inputs, attrs, outputs, op_name=None, graph=None):
        sizes.extend(t.shape.num_elements() or 0 for t in outputs)

    @tf.custom_gradient
    def spy(x):
        def backward(dy):
            walks.append(dy)
            return tf.identity(dy)

        return tf.identity(x), backward

    def loss():
        calls.append(w)
        return tf.reduce_sum(tf.sin(spy(w * 1.0)))

    op_callbacks.add_op_callback(tap)
    try:
        got = s.hvp(loss, [w], [v])
    finally:
        op_callbacks.remove_op_callback(tap)
    values_close(got, [-tf.sin(w) * v], atol=1e-5, what="the product of 60 weights")
    if max(sizes) >= size * size:
        fail(f"expected no tensor as large as the Hessian, got one of {max(sizes)}")
    if len(calls) > 2 or len(walks) > 6:
        fail(
            "expected a few runs of the function and walks back, whatever the number "
            f"of weights; got {len(calls)} and {len(walks)} for {size} weights"
        )


@check("inside a tf.function", section="derivatives-hvp")
def in_graph(s):
    w, v = random_variable([3]), random_input([3])

    @tf.function
    def product(v):
        return s.hvp(lambda: tf.reduce_sum(tf.exp(w)), [w], [v])

    values_close(product(v), [tf.exp(w) * v], what="the product in a graph")
