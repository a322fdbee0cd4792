import tensorflow as tf
from selfcheck.checks import check, fail, random_input, values_close


def setting():
    start = float(random_input([], "int32", 3, 50))
    return tf.Variable(start), start, int(random_input([], "int32", 3, 6))


@check("each ticket keeps its number", section="variable-reads")
def values(s):
    counter, start, n = setting()
    tickets = list(s.draw(counter, n))
    if len(tickets) != n:
        fail(f"expected {n} tickets, got {len(tickets)}")
    expected = [start + k for k in range(1, n + 1)]
    values_close(
        tf.stack([tf.convert_to_tensor(t) for t in tickets]), expected, what="the tickets"
    )
    counter.assign(-1.0)
    values_close(
        tf.stack([tf.convert_to_tensor(t) for t in tickets]),
        expected,
        what="the tickets after the counter was set to -1",
    )


@check("the counter has moved on", section="variable-reads")
def moved(s):
    counter, start, n = setting()
    s.draw(counter, n)
    values_close(counter.value(), start + n, what="the counter")
    s.draw(counter, 1)
    values_close(counter.value(), start + n + 1, what="the counter")


@check("inside a tf.function", section="variable-reads")
def graph(s):
    counter, start, n = setting()

    @tf.function(autograph=False)
    def compiled():
        return tf.stack(list(s.draw(counter, n)))

    for round_ in range(2):
        expected = [start + round_ * n + k for k in range(1, n + 1)]
        values_close(compiled(), expected, what=f"the tickets of call {round_ + 1}")
