import tensorflow as tf
from selfcheck.checks import check, equal, fail


def int64(number):
    return tf.constant(number, tf.int64)


def expected(n, most):
    count = 0
    while n != 1 and count < most:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        count += 1
    return count


def found(s, n, most):
    result = tf.convert_to_tensor(s.steps(int64(n), int64(most)))
    if result.dtype != tf.int64:
        fail(f"expected a result of int64, got {result.dtype.name}")
    return int(result)


@check("counts the steps to 1", section="autograph-loops")
def counts(s):
    for n in (2, 3, 6, 7, 27, 97):
        equal(found(s, n, 10_000), expected(n, 10_000), on=n, what="steps(n, 10000)")


@check("takes no step from 1", section="autograph-loops")
def none(s):
    equal(found(s, 1, 10), 0, on=1, what="steps(1, 10)")


@check("stops at the bound", section="autograph-loops")
def bound(s):
    for n, most in ((27, 5), (27, 111), (27, 110), (97, 1), (6, 0)):
        equal(found(s, n, most), expected(n, most), on=(n, most), what="steps(n, most)")


@check("one trace for all numbers", section="autograph-decide")
def traces(s):
    for n, most in ((3, 50), (7, 60), (1, 70), (97, 80)):
        found(s, n, most)
    count = s.steps.experimental_get_tracing_count()
    if count != 1:
        fail(f"expected 1 trace for all scalar tensors of int64, got {count}")


@check("one loop in the graph", section="autograph-loops")
def loop(s):
    spec = tf.TensorSpec((), tf.int64)
    graph = s.steps.get_concrete_function(spec, spec).graph
    loops = [op.type for op in graph.get_operations() if "While" in op.type]
    if len(loops) != 1:
        fail(f"expected one While in the graph, got {loops}")


@check("keeps large numbers exact", section="autograph-state")
def exact(s):
    n = 2**53 + 1
    equal(
        found(s, n, 10_000), expected(n, 10_000), on=n, what="steps(2**53 + 1, 10000)"
    )
