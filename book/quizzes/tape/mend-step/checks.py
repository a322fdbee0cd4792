import numpy as np
import tensorflow as tf
from selfcheck.checks import check, random_input, values_close

# Seeded by the grader: other numbers in every grading, the same for the same seed.
random = np.random.default_rng(random_input([2], "int32", 0, 2**31 - 1).numpy())


class Problem:
    """Random variables and data, and the step that they should take, in NumPy."""

    def __init__(self, scale):
        self.w0, self.b0 = random.normal(size=3), random.normal()
        self.scale0, self.rate = scale, random.uniform(0.05, 0.2)
        self.x = random.normal(size=(6, 3)).astype(np.float32)
        h = self.x @ self.w0
        factor = max(scale, 0.1)
        error = np.array([0.3, -0.5, 0.8, -0.2, 1.5, -3.0])
        self.target = (factor * h + self.b0 - error).astype(np.float32)
        inside = np.abs(error) < 1.0
        slope = 2.0 * error * inside / 6.0
        self.loss = np.mean(inside * error**2)
        self.scale = scale - self.rate * (scale > 0.1) * (slope @ h)
        self.w = self.w0 - self.rate * factor * (slope @ self.x)
        self.b = self.b0 - self.rate * slope.sum()
        self.variables = [
            tf.Variable(v, dtype=tf.float32) for v in (scale, self.w0, self.b0)
        ]

    def step(self, s, compiled=False):
        function = tf.function(s.step) if compiled else s.step
        data = tf.constant(self.x), tf.constant(self.target)
        return function(*self.variables, *data, tf.constant(self.rate, tf.float32))


def problems():
    return [Problem(random.uniform(0.3, 2.0)), Problem(random.uniform(-1.0, 0.05))]


@check("the loss", section="tape-none")
def loss(s):
    for problem in problems():
        where = f"scale = {problem.scale0:.2f}"
        values_close(problem.step(s), problem.loss, what=f"the loss at {where}")
    # Zeros for x, so that no rounding moves the error from the bound.
    scale, w, b = (tf.Variable(value) for value in (1.0, [2.0, 3.0], 0.5))
    got = s.step(scale, w, b, tf.zeros((2, 2)), tf.constant([1.5, 0.25]), 0.1)
    values_close(got, 0.25**2 / 2, what="the loss of one error of 0.25, one of -1")


def moved(name, k):
    def run(s):
        for problem in problems():
            problem.step(s)
            got, right = problem.variables[k], getattr(problem, name)
            where = f"a step from scale = {problem.scale0:.2f}"
            values_close(got, right, atol=1e-5, what=f"{name} after {where}")

    return run


step_of_b = check("step of b", section="tape-none")(moved("b", 2))
step_of_w = check("step of w", section="tape-none")(moved("w", 1))
step_of_scale = check("step of scale", section="tape-none")(moved("scale", 0))


@check("inside a tf.function", section="tape-none")
def in_graph(s):
    for problem in problems():
        problem.step(s, compiled=True)
        for variable, name in zip(problem.variables, ("scale", "w", "b")):
            right = getattr(problem, name)
            what = f"{name} after a compiled step"
            values_close(variable, right, atol=1e-5, what=what)
