import tensorflow as tf
from selfcheck.checks import check, equal, fail, random_input, values_close

CALLS = [(0, 4), (0, 4), (1, 4), (1, 2), (2, 7), (5, 1), (40, 4)]


@check("begins at zero", section="function-captures")
def begins(s):
    equal(int(s.rows_seen), 0, what="`rows_seen` before the first call")


@check("the mean row", section="function-trace")
def mean_row(s):
    for epoch, rows in CALLS:
        batch = random_input([rows, 3])
        expected = batch.numpy().mean(axis=0) / (epoch + 1)
        what = f"the result in epoch {epoch}"
        values_close(s.step(epoch, batch), expected, on=batch, atol=1e-5, what=what)


@check("counts every row", section="function-captures")
def counts(s):
    seen = int(s.rows_seen)
    for epoch, rows in CALLS * 2:
        s.step(epoch, random_input([rows, 3]))
        seen += rows
        what = f"`rows_seen` after a batch of {rows} row(s)"
        equal(int(s.rows_seen), seen, what=what)


@check("one trace", section="function-lattice")
def one_trace(s):
    if not hasattr(s.step, "experimental_get_tracing_count"):
        fail("expected `step` to be a `tf.function`, it is not")
    for epoch, rows in CALLS:
        s.step(epoch, random_input([rows, 3]))
    traces = s.step.experimental_get_tracing_count()
    equal(traces, 1, what="the number of traces over all epochs and numbers of rows")


@check("refuses other columns", section="function-lattice")
def refuses(s):
    for shape in ((2, 4), (2, 1), (3,)):
        try:
            s.step(0, tf.ones(shape))
        except (TypeError, ValueError):
            continue
        fail(f"expected a batch of shape {shape} to be refused, `step` took it")
