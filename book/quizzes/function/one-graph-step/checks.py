import tensorflow as tf
from selfcheck.checks import check, equal, fail, random_input, values_close
from tensorflow.python.framework import op_callbacks

SPEC = tf.TensorSpec([None, 3])
ROWS = (4, 4, 2, 7, 1)


class Model:
    """A loss of two variables, with gradients that are known, and a third variable."""

    def __init__(self, s):
        self.runs = 0
        self.w = tf.Variable(random_input([3]))
        self.b = tf.Variable(random_input([]))
        self.unused = tf.Variable(random_input([2, 2]))
        variables = [self.w, self.unused, self.b]
        self.step = s.compile_step(self.loss_of, variables, SPEC)

    def loss_of(self, batch):
        self.runs += 1
        return tf.reduce_sum((tf.linalg.matvec(batch, self.w) + self.b) ** 2)

    def call(self, rows):
        x = random_input([rows, 3])
        error = x.numpy() @ self.w.numpy() + self.b.numpy()
        slopes = [2 * error @ x.numpy(), 2 * error.sum()]
        return x, self.step(x), (error**2).sum(), slopes


@check("loss and gradients", section="function-gradient")
def loss_and_gradients(s):
    model = Model(s)
    for rows in ROWS:
        x, (loss, slopes), expected, (w, b) = model.call(rows)
        values_close(loss, expected, on=x, atol=1e-5, what="the loss")
        values_close(slopes[0], w, on=x, atol=1e-4, what="the gradient of w")
        values_close(slopes[2], b, on=x, atol=1e-4, what="the gradient of b")


@check("zeros for a variable without a path", section="tape-none")
def zeros(s):
    _, (_, slopes), *_ = Model(s).call(4)
    what = "the gradient of a variable that the loss does not use"
    values_close(slopes[1], tf.zeros((2, 2)), what=what)


@check("variables that are assigned to", section="function-captures")
def assigned(s):
    model = Model(s)
    model.call(4)
    model.w.assign(random_input([3], low=2.0, high=3.0))
    x, (loss, slopes), expected, (w, _) = model.call(4)
    values_close(loss, expected, on=x, what="the loss after an assignment")
    values_close(slopes[0], w, on=x, what="the gradient of w after an assignment")


@check("Python runs once", section="function-lattice")
def once(s):
    model = Model(s)
    for rows in ROWS:
        model.call(rows)
    what = f"how often Python ran `loss_of` for batches of {ROWS} rows"
    equal(model.runs, 1, what=what)


@check("one op for a step", section="function-gradient")
def one_op(s):
    model, seen = Model(s), []
    model.call(4)

    def tap(op_type, inputs, attrs, outputs, op_name=None, graph=None):
        seen.append(op_type if isinstance(op_type, str) else op_type.decode())

    x = random_input([4, 3])
    model.step(x)
    op_callbacks.add_op_callback(tap)
    try:
        model.step(x)
    finally:
        op_callbacks.remove_op_callback(tap)
    if len(seen) != 1:
        names = [name.rsplit("_", 1)[0] for name in seen]
        fail(f"expected a step to be one op, the call of a graph, got {names}")
