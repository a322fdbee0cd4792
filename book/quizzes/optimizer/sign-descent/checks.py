import keras
import numpy as np
import tensorflow as tf
from selfcheck.checks import check, fail, random_input, values_close


def weights(*shapes):
    return [keras.Variable(random_input(shape)) for shape in shapes]


def follow(kernels, gradients, rate, beta):
    values = [np.array(kernel) for kernel in kernels]
    slots = [np.zeros_like(value) for value in values]
    for step in gradients:
        for value, slot, gradient in zip(values, slots, step):
            slot += (1 - beta) * (gradient - slot)
            value -= rate * np.sign(slot)
    return values


def compare(s, traced, **options):
    kernels = weights([3], [2, 2])
    start = [kernel.numpy() for kernel in kernels]
    gradients = [
        [np.array(random_input([3])), np.array(random_input([2, 2]))] for _ in range(12)
    ]
    optimizer = s.SignDescent(0.125, beta=0.75, **options)
    optimizer.build(kernels)

    def step(first, second):
        optimizer.apply([first, second], kernels)

    step = tf.function(step) if traced else step
    for first, second in gradients:
        step(tf.constant(first), tf.constant(second))
    for kernel, value in zip(kernels, follow(start, gradients, 0.125, 0.75)):
        values_close(kernel.numpy(), value, what="a weight after 12 steps")


@check("steps by the sign of the mean", section="optimizer-rule")
def eager(s):
    compare(s, traced=False)


@check("works in a trace", section="optimizer-rule")
def traced(s):
    compare(s, traced=True)


@check("keeps one slot for each weight", section="optimizer-slots")
def slots(s):
    kernels = weights([3], [2, 2], [])
    optimizer = s.SignDescent(0.1)
    before = len(optimizer.variables)
    optimizer.build(kernels)
    found = [tuple(v.shape) for v in optimizer.variables[before:]]
    if found != [(3,), (2, 2), ()]:
        fail(
            "expected one variable of the shape of each weight, [(3,), (2, 2), ()], "
            f"after build; got {found}"
        )


@check("obeys a change of the rate", section="optimizer-settings")
def rate(s):
    (kernel,) = weights([2])
    optimizer = s.SignDescent(0.5)
    optimizer.build([kernel])
    step = tf.function(lambda: optimizer.apply([tf.ones(2)], [kernel]))
    step()
    before = kernel.numpy()
    optimizer.learning_rate = 0.25
    step()
    values_close(before - kernel.numpy(), [0.25, 0.25], what="the second step's length")


@check("rests where the mean is zero", section="optimizer-rule")
def rests(s):
    (kernel,) = weights([2])
    before = kernel.numpy()
    s.SignDescent(0.5).apply([tf.constant([0.0, 1.0])], [kernel])
    after = before - np.float32([0.0, 0.5])
    values_close(kernel.numpy(), after, what="a weight after the gradient [0, 1]")


@check("comes back from its configuration", section="optimizer-settings")
def config(s):
    first = s.SignDescent(0.5, beta=0.25, clipnorm=2.0)
    second = s.SignDescent.from_config(first.get_config())
    values_close(second.learning_rate, 0.5, what="the rate of from_config(get_config())")
    if second.clipnorm != 2.0:
        fail(
            "expected from_config(get_config()) to keep clipnorm=2.0, "
            f"got {second.clipnorm}"
        )
    if getattr(second, "beta", None) != 0.25:
        fail(
            "expected from_config(get_config()) to keep beta=0.25, "
            f"got {getattr(second, 'beta', None)}"
        )
