import numpy as np
import tensorflow as tf
from selfcheck.checks import (
    check,
    fail,
    finite_differences,
    random_input,
    random_variable,
    values_close,
)


class Critic:
    """Two layers; its slope at a picture is known in closed form."""

    def __init__(self):
        self.first = random_variable([3, 5], low=0.3, high=1.0)
        self.last = random_variable([5], low=0.3, high=1.0)
        self.offset = random_variable([])

    def score(self, pictures):
        hidden = tf.square(tf.nn.relu(pictures @ self.first))
        return tf.linalg.matvec(hidden, self.last) + self.offset

    def penalty(self, pictures, first=None, last=None):
        first = self.first if first is None else first
        last = self.last if last is None else last
        pictures = tf.cast(pictures, first.dtype)
        hidden = 2.0 * tf.nn.relu(pictures @ first)
        slopes = (hidden * last) @ tf.transpose(first)
        return tf.reduce_mean((tf.norm(slopes, axis=1) - 1.0) ** 2)

    def gradients(self, pictures, scale=1.0):
        """Return the gradients by finite differences."""

        def penalty(first, last):
            return scale * self.penalty(pictures, first, last)

        return finite_differences(penalty, self.first.value(), self.last.value())


def bright():
    """Return four pictures, one of them with a short slope."""
    dim = random_input([1, 3], low=0.01, high=0.03)
    return tf.concat([random_input([3, 3], low=0.2, high=1.0), dim], axis=0)


def with_black(pictures):
    return tf.concat([pictures, tf.zeros((1, 3))], axis=0)


@check("the penalty", section="derivatives-penalty")
def value(s):
    critic, pictures = Critic(), bright()
    got, _ = s.slope_penalty(critic.score, pictures, [critic.first, critic.last])
    values_close(got, critic.penalty(pictures), what="the penalty of 4 pictures")


@check("gradients by the weights", section="derivatives-penalty")
def by_weights(s):
    critic, pictures = Critic(), bright()
    _, got = s.slope_penalty(critic.score, pictures, [critic.first, critic.last])
    what = "the gradients of the penalty (compared with finite differences)"
    right = critic.gradients(pictures)
    values_close(list(got), right, rtol=1e-3, atol=1e-3, what=what)


@check("a slope of zeros", section="derivatives-penalty")
def black(s):
    critic, pictures = Critic(), bright()
    penalty, got = s.slope_penalty(
        critic.score, with_black(pictures), [critic.first, critic.last]
    )
    # The black picture's slope has the length 0 and adds 1 to the sum of squares.
    right = (4.0 * critic.penalty(pictures) + 1.0) / 5.0
    values_close(penalty, right, what="the penalty with one black picture among 5")
    right = critic.gradients(pictures, scale=0.8)
    what = "the gradients with one black picture among 5"
    values_close(list(got), right, rtol=1e-3, atol=1e-3, what=what)


@check("differentiated once more", section="derivatives-safe")
def once_more(s):
    critic, pictures = Critic(), with_black(bright())
    weights = [critic.first, critic.last]
    with tf.GradientTape() as tape:
        _, gradients = s.slope_penalty(critic.score, pictures, weights)
        total = tf.add_n([tf.reduce_sum(gradient) for gradient in gradients])
    for gradient in tape.gradient(total, weights):
        if gradient is None or not np.isfinite(gradient).all():
            fail(
                "expected finite derivatives of the gradients, with one black picture "
                f"among 5; got {gradient if gradient is None else gradient.numpy()}"
            )


@check("a weight without influence", section="derivatives-nested")
def no_influence(s):
    critic = Critic()
    _, got = s.slope_penalty(critic.score, bright(), [critic.offset])
    what = "the gradient by the offset, on which no slope depends"
    values_close(list(got), [tf.zeros([])], what=what)


@check("inside a tf.function", section="derivatives-penalty")
def in_graph(s):
    critic, pictures = Critic(), with_black(bright())
    weights = [critic.first, critic.last]

    @tf.function
    def step(pictures):
        penalty, gradients = s.slope_penalty(critic.score, pictures, weights)
        return penalty, list(gradients)

    penalty, gradients = s.slope_penalty(critic.score, pictures, weights)
    right = [penalty, *gradients]
    got = step(pictures)
    what = "penalty and gradients in a graph, against eager mode"
    values_close([got[0], *got[1]], right, rtol=1e-3, atol=1e-4, what=what)
