import keras
from selfcheck.checks import check, fail, random_input, values_close


def chain():
    x = keras.Input((3,))
    hidden = keras.layers.Dense(4, name="first")(x)
    hidden = keras.layers.Activation("tanh", name="middle")(hidden)
    return keras.Model(x, keras.layers.Dense(2, name="last")(hidden))


def look(s, model, names, rows):
    seen = s.look_inside(model, names)(rows)
    if not isinstance(seen, dict) or not set(names) <= set(seen):
        fail(f"expected a dictionary with {sorted(names)}, got {seen}")
    return seen


@check("what a layer returns", section="functional-surgery")
def inner(s):
    model, rows = chain(), random_input([4, 3])
    seen = look(s, model, ["first", "middle"], rows)
    first = model.get_layer("first")(rows)
    values_close(seen["first"], first, what="the output of `first`")
    middle = model.get_layer("middle")(first)
    values_close(seen["middle"], middle, what="the output of `middle`")


@check("the output of the model", section="functional-surgery")
def output(s):
    model, rows = chain(), random_input([4, 3])
    seen = look(s, model, ["first"], rows)
    if set(seen) != {"first", "output"}:
        fail(f"expected the names first and output, got {sorted(seen)}")
    values_close(seen["output"], model(rows), what="the output of the model")


@check("the same weights", section="functional-surgery")
def weights(s):
    model = chain()
    seen = s.look_inside(model, ["middle"])
    if {id(w) for w in seen.weights} != {id(w) for w in model.weights}:
        fail("expected the weights of the model, and no others")


@check("a layer that was called elsewhere before", section="functional-surgery")
def before(s):
    shared = keras.layers.Dense(3, name="shared")
    shared(keras.Input((3,)))
    x = keras.Input((3,))
    model = keras.Model(x, keras.layers.Dense(2)(shared(x)))
    rows = random_input([4, 3])
    values_close(
        look(s, model, ["shared"], rows)["shared"], shared(rows), what="shared"
    )


@check("a layer that was called elsewhere afterwards", section="functional-surgery")
def afterwards(s):
    model, rows = chain(), random_input([4, 3])
    first = model.get_layer("first")
    first(keras.Input((3,)))
    values_close(look(s, model, ["first"], rows)["first"], first(rows), what="first")


@check("the last call of a shared layer", section="functional-surgery")
def shared(s):
    layer, x = keras.layers.Dense(3, name="shared"), keras.Input((3,))
    model = keras.Model(x, keras.layers.Dense(2)(layer(layer(layer(x)))))
    rows = random_input([4, 3])
    expected = layer(layer(layer(rows)))
    values_close(look(s, model, ["shared"], rows)["shared"], expected, what="shared")


@check("several inputs", section="functional-surgery")
def several(s):
    a, b = keras.Input((3,), name="a"), keras.Input((3,), name="b")
    dense = keras.layers.Dense(3, name="dense")
    other = keras.layers.Dense(3, name="other")
    model = keras.Model([a, b], keras.layers.Add(name="add")([dense(a), other(b)]))
    rows = [random_input([4, 3]), random_input([4, 3])]
    seen = look(s, model, ["dense", "other"], rows)
    values_close(seen["dense"], dense(rows[0]), what="dense")
    values_close(seen["other"], other(rows[1]), what="other")
    values_close(seen["output"], model(rows), what="the output")
