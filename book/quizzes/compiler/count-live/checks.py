import tensorflow as tf
from selfcheck.checks import check, fail


def trace(body, *shapes):
    specs = [tf.TensorSpec(shape) for shape in shapes]
    return tf.function(body).get_concrete_function(*specs).graph


def found(s, graph, effects=()):
    names = set(s.live(graph, list(effects)))
    return sorted(graph.get_operation_by_name(name).type for name in names)


def compare(s, graph, expected, effects=()):
    plumbing = {"Placeholder", "Identity", "Const", "NoOp"}
    got = [kind for kind in found(s, graph, effects) if kind not in plumbing]
    if got != sorted(expected):
        fail(f"expected the live ops {sorted(expected)}, got {got}")


@check("what a result depends on, to any depth", section="compiler-dead")
def data(s):
    def body(x):
        tf.exp(x)
        return tf.tanh(tf.sin(tf.cos(x)) + tf.sqrt(x))

    compare(s, trace(body, ()), ["AddV2", "Cos", "Sin", "Sqrt", "Tanh"])


@check("chains that lead nowhere", section="compiler-dead")
def dead(s):
    def body(x):
        tf.tanh(tf.sin(tf.exp(x)))
        return tf.cos(x), tf.sqrt(x)

    compare(s, trace(body, ()), ["Cos", "Sqrt"])


class Traced:
    """A graph that was built by hand, with outputs."""

    def __init__(self, graph, *outputs):
        self.outputs = list(outputs)
        self.get_operation_by_name = graph.get_operation_by_name
        self.get_operations = graph.get_operations


@check("what an effect depends on", section="compiler-dead")
def effects(s):
    graph = tf.Graph()
    with graph.as_default():
        x = tf.constant(1.0)
        y = tf.cos(x)
        effect = tf.sin(tf.exp(x)).op
        tf.sqrt(x)
    compare(s, Traced(graph, y), ["Cos", "Exp", "Sin"], [effect])


@check("control dependencies", section="compiler-dead")
def control(s):
    graph = tf.Graph()
    with graph.as_default():
        x = tf.constant(1.0)
        with tf.control_dependencies([tf.exp(x)]):
            y = tf.cos(x)
    compare(s, Traced(graph, y), ["Cos", "Exp"])


@check("long graphs", section="compiler-dead")
def long(s):
    def body(x):
        for _ in range(2500):
            x = tf.sin(x)
        return x

    compare(s, trace(body, ()), ["Sin"] * 2500)


@check("shared nodes once", section="compiler-dead")
def shared(s):
    def body(x):
        for _ in range(40):
            x = x * x + x
        return x

    compare(s, trace(body, ()), ["AddV2"] * 40 + ["Mul"] * 40)
