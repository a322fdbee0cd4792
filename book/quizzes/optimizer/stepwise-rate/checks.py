import keras
import tensorflow as tf
from selfcheck.checks import check, fail, values_close

BOUNDARIES, RATES = [3, 4, 9], [0.5, 0.25, 2.0, 0.125]


def expected(step):
    return RATES[sum(step >= boundary for boundary in BOUNDARIES)]


@check("gives the rate of each step", section="optimizer-settings")
def rates(s):
    schedule = s.Stepwise(BOUNDARIES, RATES)
    for step in (*range(12), 1000):
        values_close(float(schedule(step)), expected(step), what=f"the rate at {step}")


@check("chooses at each run of a trace", section="optimizer-settings")
def traced(s):
    schedule = s.Stepwise(BOUNDARIES, RATES)
    function = tf.function(lambda step: tf.cast(schedule(step), tf.float32))
    for step in range(12):
        found = function(tf.constant(step, tf.int64))
        values_close(found, expected(step), what=f"the rate at {step}, traced")


@check("drives an optimizer", section="optimizer-settings")
def drives(s):
    weight = keras.Variable([0.0])
    optimizer = keras.optimizers.SGD(s.Stepwise([1, 2], [1.0, 10.0, 100.0]))
    optimizer.build([weight])
    step = tf.function(lambda: optimizer.apply([tf.constant([-1.0])], [weight]))
    for _ in range(3):
        step()
    values_close(
        weight.numpy(), [111.0], what="the weight after steps of 1, 10, and 100"
    )


@check("comes back from its configuration", section="optimizer-settings")
def config(s):
    first = s.Stepwise(BOUNDARIES, RATES)
    second = s.Stepwise.from_config(first.get_config())
    for step in (0, 3, 20):
        values_close(
            float(second(step)), expected(step), what=f"the copy's rate at {step}"
        )


@check("works without a boundary", section="optimizer-settings")
def constant(s):
    values_close(float(s.Stepwise([], [0.75])(7)), 0.75, what="the only rate")
