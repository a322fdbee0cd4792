import tensorflow as tf
from insidetf import compiled
from selfcheck.checks import check, fail, random_input, values_close


def variables(count):
    return [tf.Variable(random_input([4, 4])) for _ in range(count)]


def expected(frozen, head, x, y):
    with tf.GradientTape() as tape:
        for matrix in [*frozen, *head]:
            x = tf.tanh(x @ matrix)
        loss = tf.reduce_mean((x - y) ** 2)
    return loss, tape.gradient(loss, head)


@check("the loss and the gradients", section="compiler-pair")
def values(s):
    for sizes in ((2, 1), (1, 2), (3, 3)):
        frozen, head = variables(sizes[0]), variables(sizes[1])
        x, y = random_input([5, 4]), random_input([5, 4])
        loss, gradients = s.make_step(frozen, head)(x, y)
        right, slopes = expected(frozen, head, x, y)
        values_close(loss, right, what="the loss")
        if len(gradients) != len(head):
            fail(f"expected {len(head)} gradients, got {len(gradients)}")
        for found, slope in zip(gradients, slopes):
            values_close(found, slope, rtol=1e-4, what="a gradient")


@check("no more products than needed", section="compiler-pair")
def products(s):
    for below, above in ((2, 1), (3, 2)):
        frozen, head = variables(below), variables(above)
        step = s.make_step(frozen, head)
        x, y = tf.constant(random_input([5, 4])), tf.constant(random_input([5, 4]))
        graphs = compiled.all_graphs(lambda: step(x, y))
        types = [compiled.op_types(after) for _, after in graphs]
        count = sum(t["MatMul"] + t["_FusedMatMul"] for t in types)
        needed = below + above + 2 * above - 1
        if count > needed:
            fail(
                f"expected {needed} products for {below} frozen matrices and {above} in "
                f"the head, got {count}"
            )


@check("follows the weights", section="compiler-dead")
def follows(s):
    frozen, head = variables(1), variables(1)
    x, y = random_input([5, 4]), random_input([5, 4])
    step = s.make_step(frozen, head)
    step(x, y)
    for variable in (*frozen, *head):
        variable.assign_add(tf.ones((4, 4)) / 8)
    loss, gradients = step(x, y)
    right, slopes = expected(frozen, head, x, y)
    values_close(loss, right, what="the loss after a change of all weights")
    values_close(gradients[0], slopes[0], rtol=1e-4, what="a gradient after a change")
