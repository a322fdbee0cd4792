import tensorflow as tf
from insidetf import compiled
from selfcheck.checks import check, equal, fail, random_input, values_close


def variables(count):
    return [tf.Variable(random_input([4, 4])) for _ in range(count)]


def batch():
    return tf.constant(random_input([5, 4])), tf.constant(random_input([5, 4]))


def expected(frozen, head, x, y):
    with tf.GradientTape() as tape:
        for matrix in [*frozen, *head]:
            x = tf.tanh(x @ matrix)
        loss = tf.reduce_mean((x - y) ** 2)
    return loss, tape.gradient(loss, head)


@check("the loss and the gradients", section="compiler-pair")
def values(s):
    for below, above in ((2, 1), (1, 2), (3, 3), (0, 2)):
        frozen, head, (x, y) = variables(below), variables(above), batch()
        loss, gradients = s.make_step(frozen, head)(x, y)
        right, slopes = expected(frozen, head, x, y)
        sizes = f"for {below} frozen matrices and {above} in the head"
        values_close(loss, right, rtol=1e-4, what=f"the loss, {sizes}")
        equal(len(gradients), above, what=f"the number of gradients, {sizes}")
        for found, slope in zip(gradients, slopes):
            values_close(found, slope, rtol=1e-4, what=f"a gradient, {sizes}")


def count_products(step, x, y):
    try:
        graphs = compiled.all_graphs(lambda: step(x, y))
    except ValueError:
        fail(
            "expected `step` to run a graph that Grappler has optimized, got none: put the "
            "tape, the loss, and the gradient into one `tf.function`, without `jit_compile`"
        )
    types = [compiled.op_types(after) for _, after in graphs]
    return sum(t["MatMul"] + t["_FusedMatMul"] for t in types)


@check("no more products than needed", section="compiler-pair")
def products(s):
    for below, above in ((2, 1), (3, 2)):
        count = count_products(
            s.make_step(variables(below), variables(above)), *batch()
        )
        needed = below + above + 2 * above - 1
        if count > needed:
            fail(
                f"expected {needed} products for {below} frozen matrices and {above} in "
                f"the head, got {count}: what of the way back is a result or an effect?"
            )


@check("one graph for all calls", section="compiler-jit")
def once(s):
    step = s.make_step(variables(1), variables(1))
    count_products(step, *batch())
    try:
        compiled.all_graphs(lambda: step(*batch()))
    except ValueError:  # nothing was optimized again
        return
    fail("expected the second call to find its graph, but one was traced and optimized")


@check("follows the weights", section="compiler-dead")
def follows(s):
    frozen, head, (x, y) = variables(1), variables(1), batch()
    step = s.make_step(frozen, head)
    step(x, y)
    for variable in (*frozen, *head):
        variable.assign_add(tf.ones((4, 4)) / 8)
    loss, gradients = step(x, y)
    right, slopes = expected(frozen, head, x, y)
    values_close(loss, right, rtol=1e-4, what="the loss after a change of all weights")
    what = "a gradient after a change of all weights"
    values_close(gradients[0], slopes[0], rtol=1e-4, what=what)
