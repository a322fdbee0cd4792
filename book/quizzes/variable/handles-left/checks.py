import tensorflow as tf
from selfcheck.checks import check, fail, random_input

kept = []


def number(low=2, high=6):
    return int(random_input([], "int32", low, high))


def equal(got, expected, what):
    if got != expected or isinstance(got, bool):
        fail(f"expected {expected} for {what}, got {got!r}")


@check("counts what is left", section="variable-lifetime")
def left(s):
    n = number()
    kept.append(tf.Variable(0.0))  # alive before, so it does not count
    equal(s.handles_left(lambda: None), 0, "a function that does nothing")
    made = s.handles_left(lambda: kept.extend(tf.Variable(1.0) for _ in range(n)))
    equal(made, n, f"a function that keeps {n} variables")
    kept.clear()


@check("does not count what has gone", section="variable-lifetime")
def gone(s):
    n = number()
    dropped = s.handles_left(lambda: [tf.Variable(1.0) for _ in range(n)] and None)
    equal(dropped, 0, f"a function that makes {n} variables and keeps none")

    def circles():
        for _ in range(n):
            circle = [tf.Variable(1.0)]
            circle.append(circle)

    equal(s.handles_left(circles), 0, f"a function that leaves {n} circles of garbage")


@check("finds handles without a variable", section="variable-lifetime")
def bare(s):
    n = number()

    def handles():
        kept.extend(tf.Variable(1.0).handle for _ in range(n))

    equal(s.handles_left(handles), n, f"a function that keeps {n} bare handles")
    kept.clear()


@check("counts handles and no other tensors", section="variable-lifetime")
def tensors(s):
    n = number()

    def values():
        kept.extend(tf.Variable(1.0).value() for _ in range(n))

    equal(s.handles_left(values), 0, f"a function that keeps {n} values")
    kept.clear()
