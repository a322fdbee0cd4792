import tensorflow as tf
from selfcheck.checks import check, fail, random_input, random_variable, values_close


class Problem:
    """Losses of a linear model, whose gradients are known for each example."""

    def __init__(self, examples=5):
        self.x = random_input([examples, 3], low=0.5, high=2.0)
        self.w = random_variable([3, 2])
        self.b = random_variable([2])
        self.gain = random_variable([], low=0.5, high=2.0)
        self.walks = []

    def losses(self):
        y = self._spy(self.x @ self.w + self.b)
        return self.gain * tf.reduce_sum(y * y, axis=1)

    def _spy(self, y):
        @tf.custom_gradient
        def spied(y):
            def backward(dy):
                self.walks.append(dy)
                return tf.identity(dy)

            return tf.identity(y), backward

        return spied(y)

    def squares(self):
        """Return the squared lengths of the gradients by w, b, and gain."""
        y = self.x @ self.w + self.b
        of_b = tf.reduce_sum((2.0 * self.gain * y) ** 2, axis=1)
        of_w = of_b * tf.reduce_sum(self.x**2, axis=1)
        return of_w, of_b, tf.reduce_sum(y * y, axis=1) ** 2


@check("one matrix", section="derivatives-jacobian")
def one_matrix(s):
    problem = Problem()
    got = s.pulls(problem.losses, [problem.w])
    right = tf.sqrt(problem.squares()[0])
    values_close(got, right, what="the lengths of 5 gradients by a matrix")


@check("several variables", section="derivatives-jacobian")
def several(s):
    problem = Problem(examples=4)
    got = s.pulls(problem.losses, [problem.w, problem.gain, problem.b])
    right = tf.sqrt(tf.add_n(problem.squares()))
    values_close(got, right, what="the lengths by a matrix, a scalar, and a vector")


@check("a variable without influence", section="derivatives-nested")
def no_influence(s):
    problem, unused = Problem(), random_variable([2])
    got = s.pulls(problem.losses, [unused, problem.b])
    right = tf.sqrt(problem.squares()[1])
    values_close(got, right, what="the lengths where one variable has no influence")


@check("one walk", section="derivatives-jacobian")
def one_walk(s):
    problem = Problem(examples=20)
    s.pulls(problem.losses, [problem.w, problem.b])
    if len(problem.walks) > 4:
        fail(
            "expected a vectorized walk for all examples, got "
            f"{len(problem.walks)} calls of one backward function for 20 examples"
        )


@check("inside a tf.function", section="derivatives-jacobian")
def in_graph(s):
    problem = Problem()
    variables = [problem.w, problem.b]
    got = tf.function(lambda: s.pulls(problem.losses, variables))()
    right = tf.sqrt(problem.squares()[0] + problem.squares()[1])
    values_close(got, right, what="the lengths in a graph")
