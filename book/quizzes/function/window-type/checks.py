import gc
import weakref

import tensorflow as tf
from selfcheck.checks import check, equal, fail, random_input, values_close


class Total:
    """A traced function of a window, and the number that it should return."""

    def __init__(self, **options):
        def total(window, x):
            return tf.reduce_sum(x[: window.size]) * window.stride

        self.function = tf.function(total, **options)

    def call(self, window, length=9):
        x = random_input([length])
        got = self.function(window, x)
        expected = sum(x.numpy()[: window.size]) * window.stride
        on = {"size": window.size, "stride": window.stride}
        values_close(got, expected, on=on, atol=1e-5, what="a total over a window")

    def traces(self, expected, calls):
        got = self.function.experimental_get_tracing_count()
        equal(got, expected, what=f"the number of traces of {calls}")


@check("equal windows", section="function-count")
def equal_windows(s):
    total = Total()
    windows = [s.Window(3, 2, "a"), s.Window(3, 2, "a")]
    for window in windows * 2:
        total.call(window)
    total.traces(1, "two equal windows")


@check("other windows", section="function-count")
def other_windows(s):
    total = Total()
    windows = [s.Window(*pair, "a") for pair in ((3, 2), (2, 3), (3, 1), (4, 2))]
    for window in windows * 2:
        total.call(window)
    total.traces(4, "four windows that differ in size or stride")


@check("labels", section="function-count")
def labels(s):
    total = Total()
    windows = [s.Window(3, 2, label) for label in ("a", "b", None)]
    for window in windows:
        total.call(window)
    total.traces(1, "windows that differ in their labels only")


@check("windows made anew", section="function-count")
def made_anew(s):
    total = Total()
    for _ in range(4):
        total.call(s.Window(3, 2, "a"))
        gc.collect()
    total.traces(1, "equal windows that are made anew for each call")


@check("a changed window", section="function-count")
def changed(s):
    total, window = Total(), s.Window(3, 2, "a")
    total.call(window)
    window.size = 5
    total.call(window)
    window.stride = 7
    total.call(window)
    for pair in ((3, 2), (5, 2), (5, 7)):
        total.call(s.Window(*pair, "b"))
    total.traces(3, "one window with three pairs, and equal windows after it")


@check("lets windows go", section="function-count")
def lets_go(s):
    total, window = Total(), s.Window(3, 2, "a")
    total.call(window)
    alive = weakref.ref(window)
    del window
    gc.collect()
    if alive() is not None:
        fail("expected a window that has no name left to be gone, a trace keeps it")
    total.call(s.Window(3, 2, "b"))
    total.traces(1, "a window, and an equal one after it was gone")


@check("with reduce_retracing", section="function-lattice")
def reduced(s):
    total = Total(reduce_retracing=True)
    for pair in ((3, 2), (5, 2), (3, 2), (5, 4), (3, 4)):
        total.call(s.Window(*pair, "a"))
    total.traces(4, "windows with four pairs and `reduce_retracing=True`")
    total = Total(reduce_retracing=True)
    for length in (9, 8, 7, 6):
        total.call(s.Window(3, 2, "a"), length)
    total.traces(2, "equal windows with four lengths and `reduce_retracing=True`")
    kind, same, other = (
        s.Window(*pair, "a").__tf_tracing_type__(None)
        for pair in ((3, 2), (3, 2), (3, 4))
    )
    if kind.most_specific_common_supertype([same, other]) is not None:
        fail("expected windows that differ to have no common supertype, got one")


@check("beside other arguments", section="function-count")
def beside(s):
    def kind(window):
        return tf.constant(getattr(window, "size", -1))

    function = tf.function(kind)
    calls = [1, s.Window(3, 2, "a"), "a", s.Window(4, 2, "a"), None, 1]
    for argument, expected in zip(calls, [-1, 3, -1, 4, -1, -1]):
        equal(int(function(argument)), expected, what="what a window was taken for")
