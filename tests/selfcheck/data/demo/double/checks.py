from selfcheck.checks import (
    check,
    gradient_close,
    graph_lacks_op,
    random_input,
    shape_dtype,
    values_close,
)


@check("doubles its input", section="demo-twice")
def doubles(s):
    x = random_input([3])
    shape_dtype(s.double(x), [3], "float32", on=x)
    values_close(s.double(x), x.numpy() * 2, on=x)


@check("has a gradient", section="demo-gradient")
def has_gradient(s):
    gradient_close(s.double, random_input([2, 2]), expected=lambda x: 2 * x)


@check("needs no Python in its graph")
def no_python(s):
    graph_lacks_op(s.double, random_input([3]), op="EagerPyFunc")
