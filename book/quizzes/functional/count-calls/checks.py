import keras
from selfcheck.checks import check, fail


def compare(s, outputs, expected, what):
    found = dict(s.count_calls(outputs))
    if found != expected:
        fail(f"expected {expected} for {what}, got {found}")


def dense(name):
    return keras.layers.Dense(3, name=name)


@check("inputs do not count", section="functional-record")
def inputs(s):
    x = keras.Input((3,))
    compare(s, [dense("a")(x)], {"a": 1}, "a(x)")
    compare(s, [x], {}, "an input as output")


@check("a chain of calls", section="functional-record")
def chain(s):
    a, b = dense("a"), dense("b")
    compare(s, [b(a(keras.Input((3,))))], {"a": 1, "b": 1}, "b(a(x))")


@check("counts the calls of a shared layer", section="functional-record")
def shared(s):
    a, b = dense("a"), dense("b")
    compare(s, [a(b(a(a(keras.Input((3,))))))], {"a": 3, "b": 1}, "a(b(a(a(x))))")


@check("calls that lead nowhere do not count", section="functional-map")
def drafts(s):
    a, b = dense("a"), dense("b")
    x = keras.Input((3,))
    a(keras.Input((3,)))
    output = b(a(x))
    a(output)
    b(output)
    compare(s, [output], {"a": 1, "b": 1}, "b(a(x)) with other calls around it")


@check("all outputs", section="functional-map")
def outputs(s):
    a, b = dense("a"), dense("b")
    x = keras.Input((3,))
    compare(s, [a(x), b(x)], {"a": 1, "b": 1}, "two outputs")


@check("all arguments of a call", section="functional-map")
def arguments(s):
    a, b = dense("a"), dense("b")
    x, y = keras.Input((3,)), keras.Input((3,))
    output = keras.layers.Add(name="add")([a(x), b(y)])
    compare(s, [output], {"a": 1, "b": 1, "add": 1}, "a sum of two branches")


@check("a call that is needed twice counts once", section="functional-map")
def twice(s):
    a, b, c = dense("a"), dense("b"), dense("c")
    hidden = a(keras.Input((3,)))
    add = keras.layers.Add(name="add")
    output = add([b(hidden), c(hidden)])
    compare(s, [output, hidden], {"a": 1, "b": 1, "c": 1, "add": 1}, "two ways from a")
    square = keras.layers.Multiply(name="square")([hidden, hidden])
    compare(s, [square], {"a": 1, "square": 1}, "a product of a tensor with itself")
