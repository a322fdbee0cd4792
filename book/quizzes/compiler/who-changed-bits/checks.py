import tensorflow as tf
from selfcheck.checks import check, equal, fail, random_input

OPTIONS = tf.config.optimizer
NAMES = (
    "arithmetic_optimization",
    "constant_folding",
    "dependency_optimization",
    "function_optimization",
    "loop_optimization",
    "remapping",
    "shape_optimization",
)
BIG = 12582912.0


def switches():
    """Return which passes are on; what was never set is on."""
    options = OPTIONS.get_experimental_options()
    whole = not options.get("disable_meta_optimizer", False)
    return {name: whole and options.get(name, True) for name in NAMES}


def nearest(x):
    return (x + BIG) - BIG


def ask(s, body, x, expected, what):
    names = s.who_changed(body, x)
    equal(list(names), expected, on=x, what=f"the passes that {what}")


@check("one pass to blame", section="compiler-numbers")
def one(s):
    x = tf.constant(random_input([2, 2], low=0.1, high=0.4))
    ask(s, nearest, x, ["constant_folding"], "change `(x + 12582912.0) - 12582912.0`")
    scores = tf.constant([[0.0, 200.0]])
    what = "change `tf.math.log(tf.nn.softmax(x))`"
    body = lambda x: tf.math.log(tf.nn.softmax(x))
    ask(s, body, scores, ["arithmetic_optimization"], what)


@check("nothing has changed", section="compiler-numbers")
def nothing(s):
    x = tf.constant(random_input([3]))
    ask(s, lambda x: tf.tanh(x) * 2.0, x, [], "change `tf.tanh(x) * 2.0`")


@check("two passes at work", section="compiler-rewrite")
def two(s):
    def body(x):
        return tf.concat([nearest(x), tf.math.log(tf.nn.softmax(x))], 1)

    x = tf.constant([[0.3, 200.0]])
    ask(s, body, x, [], "alone change a result that two passes change")


@check("one pass makes work for another", section="compiler-rewrite")
def chain(s):
    def body(x):
        return tf.math.log(tf.nn.softmax(x) * 1.0)

    # `* 1.0` becomes an Identity, the Identity goes, and Log meets Softmax.
    three = "arithmetic_optimization", "constant_folding", "dependency_optimization"
    what = "each have to run for a change of `tf.math.log(tf.nn.softmax(x) * 1.0)`"
    ask(s, body, tf.constant([[0.0, 200.0]]), list(three), what)


@check("last digits", section="compiler-numbers")
def digits(s):
    x = tf.constant(random_input([1000], low=1.0, high=2.0))
    ask(
        s,
        lambda x: x / 3.0,
        x,
        ["constant_folding"],
        "change the last digit of `x / 3.0`",
    )


@check("the sign of a zero", section="compiler-numbers")
def sign(s):
    x = tf.constant(-0.0)
    ask(s, lambda x: x + 0.0, x, ["constant_folding"], "change the sign of `x + 0.0`")


@check("what is no number", section="compiler-numbers")
def nans(s):
    x = tf.constant([0.3, float("nan")])
    ask(s, nearest, x, ["constant_folding"], "change a result that holds a NaN")


@check("the options afterwards", section="compiler-numbers")
def afterwards(s):
    OPTIONS.set_experimental_options({"remapping": False})
    try:
        before, x = switches(), tf.constant(0.3)
        ask(s, nearest, x, ["constant_folding"], "change a result, remapping off")
        equal(switches(), before, what="which passes are on after the call")
        OPTIONS.set_experimental_options({"constant_folding": False})
        before = switches()
        ask(s, nearest, x, [], "change a result, constant folding off")
        equal(switches(), before, what="which passes are on after the call")
    finally:
        OPTIONS.set_experimental_options(dict.fromkeys(NAMES, True))


@check("an error on the way", section="compiler-numbers")
def error(s):
    runs = []

    def count(x):
        runs.append(1)
        if len(runs) == 4:
            raise RuntimeError("the fourth run fails")
        return x

    def body(x):
        return nearest(tf.ensure_shape(tf.py_function(count, [x], tf.float32), []))

    before = switches()
    try:
        s.who_changed(body, tf.constant(0.3))
    except Exception:
        pass
    else:
        fail("expected the error of `body` to come through, but the call returned")
    after = switches()
    OPTIONS.set_experimental_options(dict.fromkeys(NAMES, True))
    equal(after, before, what="which passes are on after an error")
