"""Ops, their definitions, shapes, and kernels: TensorFlow first, microtf second."""

import operator

import numpy as np
import pytest
import tensorflow as tf

import microtf as mt
from insidetf import opdefs
from microtf import shapes
from microtf.op import current_graph, execute, graph_mode
from microtf.spec import TensorSpec

F, I = np.dtype("float32"), np.dtype("int32")  # noqa: E741
# Those that begin with "_" are made by an optimizer alone.
IN_ALL = tuple(t for t in mt.registered_ops() if not t.startswith("_"))


@pytest.fixture(params=[tf, mt], ids=["tensorflow", "microtf"])
def lib(request):
    return request.param


def written(op_type: str) -> str:
    """Write the miniature's definition of an op as `opdefs.signature` does."""

    def argument(arg):
        kind = f"list({arg.type})" if arg.number == "*" else arg.type
        number = f"{arg.number} * " if arg.number not in ("", "*") else ""
        return f"{arg.name}: {number}{kind}"

    found = mt.find_op(op_type)
    sides = (", ".join(map(argument, side)) for side in (found.inputs, found.outputs))
    return " -> ".join(sides).strip()


# Definitions


#: The miniature decides by truth values alone, and names both lists of types.
NARROWER = {"Tcond": "bool", "list(T)": "list(Tout)"}


@pytest.mark.parametrize("op_type", [t for t in IN_ALL if not t.startswith("My")])
def test_op_has_the_definition_that_tensorflows_has(op_type):
    theirs = opdefs.signature(op_type)
    if op_type.removeprefix("Stateless") in ("If", "While"):
        theirs = theirs.replace("list(T) ->", "list(Tin) ->")
        for wide, narrow in NARROWER.items():
            theirs = theirs.replace(wide, narrow)
    assert written(op_type) == theirs
    assert mt.find_op(op_type).is_stateful == opdefs.op_definition(op_type).is_stateful


@pytest.mark.parametrize("op_type", [t for t in IN_ALL if not t.startswith("My")])
def test_allowed_dtypes_are_allowed_by_tensorflow_too(op_type):
    attrs = {attr.name: attr for attr in opdefs.op_definition(op_type).attr}
    for name, kinds in mt.find_op(op_type).allowed.items():
        theirs = {tf.as_dtype(t) for t in attrs[name].allowed_values.list.type}
        ours = {tf.float32, tf.float64} | ({tf.int32} if "i" in kinds else set())
        assert ours <= (theirs or ours)
        assert bool(theirs) and (tf.int32 in theirs) == ("i" in kinds)


def test_every_kernel_has_a_definition_or_was_made_by_a_test():
    from microtf.op_kernel import _kernels

    assert set(_kernels) - set(mt.registered_ops()) <= {"Cube", "Triple", "Unheard"}


def test_op_is_defined_once():
    with pytest.raises(KeyError, match="AddV2"):
        mt.register_op("AddV2", "x: T -> y: T", shapes.unchanged)


def test_two_inputs_of_one_type_attribute_have_one_dtype(lib):
    error = tf.errors.InvalidArgumentError if lib is tf else TypeError
    with pytest.raises(error, match="was expected to be a"):
        lib.constant(1) + lib.constant(1.0)


def test_dtype_without_a_meaning_is_refused(lib):
    error = tf.errors.InvalidArgumentError if lib is tf else TypeError
    with pytest.raises(error, match=r"int32 is not in the list|no meaning for T=int32"):
        lib.sin(lib.constant(1))


def test_too_many_inputs_are_refused():
    with pytest.raises(TypeError, match=r"\(x, y\), got 3"):
        mt.op("AddV2", 1.0, 2.0, 3.0)


# Shapes

# `tf.raw_ops` has a name of its own for some inputs.
RENAMED = {"reduction_indices": "axis", "dim": "axis"}


def their_specs(op_type, specs, attrs, values):
    """Put one op into a `tf.Graph`, and return the specs of its outputs."""
    arguments = opdefs.op_definition(op_type).input_arg
    with tf.Graph().as_default():
        inputs = [
            tf.compat.v1.placeholder(spec.dtype, spec.shape)
            if value is None
            else tf.constant(value)
            for spec, value in zip(specs, values, strict=True)
        ]
        named = {}
        for arg in arguments:
            rest = len(inputs) - (len(arguments) - len(named) - 1)
            if arg.number_attr:
                named[arg.name], inputs = inputs[:rest], inputs[rest:]
            else:
                named[arg.name], *inputs = inputs
        named = {RENAMED.get(name, name): value for name, value in named.items()}
        result = getattr(tf.raw_ops, op_type)(**named, **attrs)
    results = result if isinstance(result, list) else [result]
    return [
        TensorSpec(
            None if r.shape.rank is None else r.shape.as_list(),
            r.dtype.as_numpy_dtype,
        )
        for r in results
    ]


def ints(*numbers):
    return np.array(numbers, np.int32)


S = TensorSpec
CASES = [
    ("AddV2", [S([2, 3]), S([3])], {}, {}),
    ("AddV2", [S([None, 3]), S([1, 3])], {}, {}),
    ("AddV2", [S([None, 3]), S([5, None])], {}, {}),
    ("AddV2", [S([None]), S([1])], {}, {}),
    ("AddV2", [S([None]), S([None])], {}, {}),
    ("AddV2", [S(None), S([3])], {}, {}),
    ("Less", [S([2, 1]), S([1, 3])], {}, {}),
    ("SelectV2", [S([2, 1], "bool"), S([1, 3]), S([])], {}, {}),
    ("Sin", [S([None, 4])], {}, {}),
    ("Cast", [S([None, 4])], {"DstT": np.int32}, {}),
    ("AddN", [S([None, 4]), S([3, None])], {}, {}),
    ("BiasAdd", [S([None, 4]), S([4])], {}, {}),
    ("Sum", [S([2, None, 4]), S([2], I)], {}, {1: ints(0, -1)}),
    ("Sum", [S([2, None, 4]), S([2], I)], {"keep_dims": True}, {1: ints(0, -1)}),
    ("Sum", [S([2, None, 4]), S([2], I)], {"keep_dims": True}, {}),
    ("Sum", [S([2, None, 4]), S([2], I)], {}, {}),
    ("Mean", [S([2, 3]), S([], I)], {}, {1: np.int32(1)}),
    ("MatMul", [S([None, 3]), S([3, 2])], {}, {}),
    (
        "MatMul",
        [S([3, None]), S([2, 3])],
        {"transpose_a": True, "transpose_b": True},
        {},
    ),
    ("BatchMatMulV2", [S([None, 5, 3]), S([7, 3, 2])], {}, {}),
    ("BatchMatMulV2", [S([2, 5, 3]), S([2, 3])], {"adj_y": True}, {}),
    ("Reshape", [S([2, 6]), S([3], I)], {}, {1: ints(3, -1, 2)}),
    ("Reshape", [S([None, 6]), S([2], I)], {}, {1: ints(3, -1)}),
    ("Reshape", [S([None, 6]), S([2], I)], {}, {}),
    ("Reshape", [S([None, 6]), S([None], I)], {}, {}),
    ("Transpose", [S([2, None, 4]), S([3], I)], {}, {1: ints(2, 0, 1)}),
    ("Transpose", [S([2, None, 4]), S([3], I)], {}, {}),
    ("ExpandDims", [S([2, None]), S([], I)], {}, {1: np.int32(-1)}),
    ("ExpandDims", [S([2, None]), S([], I)], {}, {}),
    ("Squeeze", [S([1, 2, 1])], {}, {}),
    ("Squeeze", [S([None, 2, 1])], {}, {}),
    ("Squeeze", [S([None, 2, 1])], {"axis": [0, -1]}, {}),
    ("BroadcastTo", [S([3]), S([2], I)], {}, {1: ints(2, 3)}),
    ("BroadcastTo", [S([3]), S([2], I)], {}, {}),
    ("Tile", [S([2, None]), S([2], I)], {}, {1: ints(3, 2)}),
    ("Tile", [S([2, None]), S([2], I)], {}, {}),
    ("ConcatV2", [S([2, 3]), S([2, 4]), S([], I)], {}, {2: np.int32(-1)}),
    ("ConcatV2", [S([None, 3]), S([2, None]), S([], I)], {}, {2: np.int32(1)}),
    ("ConcatV2", [S([None, 3]), S([2, None]), S([], I)], {}, {}),
    ("Pack", [S([None, 3]), S([2, None])], {"axis": -1}, {}),
    ("Pack", [S([]), S([])], {}, {}),
    ("Unpack", [S([2, None])], {"num": 4, "axis": 1}, {}),
    (
        "Slice",
        [S([4, None]), S([2], I), S([2], I)],
        {},
        {1: ints(1, 0), 2: ints(-1, 2)},
    ),
    (
        "Slice",
        [S([4, None]), S([2], I), S([2], I)],
        {},
        {1: ints(1, 1), 2: ints(2, -1)},
    ),
    ("Slice", [S([4, None]), S([2], I), S([2], I)], {}, {}),
    ("Pad", [S([4, None]), S([2, 2], I)], {}, {1: ints(1, 1, 0, 2).reshape(2, 2)}),
    ("Pad", [S([4, None]), S([2, 2], I)], {}, {}),
    ("GatherV2", [S([4, 5]), S([None, 2], I), S([], I)], {}, {2: np.int32(1)}),
    ("GatherV2", [S([4, 5]), S([None, 2], I), S([], I)], {}, {}),
    ("GatherV2", [S([4, 5]), S([2], I), S([], I)], {}, {1: ints(3, 3), 2: np.int32(0)}),
    (
        "UnsortedSegmentSum",
        [S([6, 5]), S([6], I), S([], I)],
        {},
        {2: np.int32(3)},
    ),
    ("UnsortedSegmentSum", [S([6, 5]), S([6], I), S([], I)], {}, {}),
    ("Const", [], {"value": np.ones((2, 3), np.float32), "dtype": F}, {}),
    ("Placeholder", [], {"shape": (None, 3), "dtype": I}, {}),
]


@pytest.mark.parametrize(("op_type", "specs", "attrs", "values"), CASES)
def test_shape_is_inferred_as_tensorflow_infers_it(op_type, specs, attrs, values):
    known = [values.get(number) for number in range(len(specs))]
    theirs = their_specs(op_type, specs, proto(op_type, attrs), known)
    assert shapes.infer(op_type, specs, attrs, known) == theirs


def proto(op_type, attrs):
    """Return attributes in the form that `tf.raw_ops` takes them in."""
    if op_type != "Const":
        return attrs
    return {"value": tf.make_tensor_proto(attrs["value"]), "dtype": attrs["dtype"]}


@pytest.mark.parametrize(
    ("op_type", "specs", "attrs", "values"),
    [
        ("AddV2", [S([2]), S([3])], {}, {}),
        ("MatMul", [S([2, 3]), S([2, 3])], {}, {}),
        ("MatMul", [S([2]), S([2])], {}, {}),
        ("BatchMatMulV2", [S([2, 3, 4]), S([3, 4, 5])], {}, {}),
        ("AddN", [S([2]), S([3])], {}, {}),
        ("Sum", [S([2, 3]), S([], I)], {}, {1: np.int32(2)}),
        ("Reshape", [S([2, 6]), S([2], I)], {}, {1: ints(5, -1)}),
        ("Reshape", [S([2, 6]), S([2], I)], {}, {1: ints(5, 2)}),
        ("Squeeze", [S([2, 3])], {"axis": [0]}, {}),
        ("ConcatV2", [S([2, 3]), S([4, 4]), S([], I)], {}, {2: np.int32(1)}),
        ("Pack", [S([2]), S([3])], {}, {}),
        ("Unpack", [S([2])], {"num": 3}, {}),
        ("Transpose", [S([2, 3]), S([2], I)], {}, {1: ints(0, 2)}),
    ],
)
def test_shapes_that_do_not_fit_are_refused_while_a_graph_is_built(
    op_type, specs, attrs, values
):
    known = [values.get(number) for number in range(len(specs))]
    for specs_of in (their_specs, shapes.infer):
        with pytest.raises(ValueError, match=r"\w"):
            specs_of(op_type, specs, attrs, known)


COMPLETE = [
    (op_type, specs, attrs, values)
    for op_type, specs, attrs, values in CASES
    if specs
    and all(spec.shape is not None and None not in spec.shape for spec in specs)
    and all(n in values for n, spec in enumerate(specs) if spec.dtype == I)
]


@pytest.mark.parametrize(("op_type", "specs", "attrs", "values"), COMPLETE)
def test_kernel_returns_what_was_inferred(op_type, specs, attrs, values):
    given = [
        values.get(number, np.ones(spec.shape, spec.dtype))
        for number, spec in enumerate(specs)
    ]
    result = mt.op(op_type, *given, **attrs)
    results = result if isinstance(result, list) else [result]
    assert list(map(S.of, results)) == shapes.infer(op_type, specs, attrs, given)


def test_op_without_a_definition_has_no_shape():
    with pytest.raises(LookupError, match="register_op"):
        shapes.infer("Hadamard", [S([2])], {})


# Graph mode


class Notebook:
    """A graph that only writes down what it is asked for."""

    def __init__(self):
        self.asked = []

    def constant(self, value):
        return mt.Tensor(value)

    def create_op(self, op_type, inputs, attrs):
        self.asked.append(op_type)
        specs = shapes.infer(op_type, [S.of(tensor) for tensor in inputs], attrs)
        return [mt.Tensor(np.zeros(s.shape, s.dtype)) for s in specs]


def test_op_in_graph_mode_becomes_a_node_and_is_not_computed():
    graph, x = Notebook(), mt.constant([1.0, 2.0])
    with graph_mode(graph):
        y = x + 1.0
        parts = mt.unstack(x)
        assert current_graph() is graph
    assert graph.asked == ["AddV2", "Unpack"]
    assert y.numpy().tolist() == [0.0, 0.0]
    assert isinstance(parts, list) and len(parts) == 2
    assert (x + 1.0).numpy().tolist() == [2.0, 3.0]


def test_graphs_nest_and_none_computes_inside_of_them():
    outer, inner = Notebook(), Notebook()
    with graph_mode(outer):
        with graph_mode(inner):
            mt.sin(1.0)
        with graph_mode(None):
            assert float(mt.square(3.0)) == 9.0
        mt.cos(1.0)
    assert (outer.asked, inner.asked) == (["Cos"], ["Sin"])


def test_graph_mode_ends_with_an_error_in_its_block():
    with pytest.raises(ZeroDivisionError), graph_mode(Notebook()):
        raise ZeroDivisionError
    assert current_graph() is None


def test_tape_listens_while_a_graph_is_built():
    graph, x = Notebook(), mt.constant([1.0, 2.0])
    with graph_mode(graph), mt.GradientTape() as tape:
        tape.watch(x)
        y = mt.sin(x) * x
        tape.gradient(y, x)
    assert graph.asked == ["Sin", "Mul", "Mul", "Mul", "Cos", "Mul", "AddN"]


def test_op_without_outputs_returns_an_empty_list():
    v = mt.Variable(1.0)
    assert execute("AssignVariableOp", [v.handle, mt.constant(2.0)], {}) == []


# Kernels


@pytest.mark.parametrize("op_type", IN_ALL)
@pytest.mark.parametrize("dtype", ["float32", "float64", "int32"])
def test_op_has_a_kernel_for_the_dtypes_that_tensorflow_has_one_for(op_type, dtype):
    allowed = mt.find_op(op_type).allowed
    if "T" not in allowed or np.dtype(dtype).kind not in allowed["T"]:
        pytest.skip("the definition does not allow it")
    theirs = [k for k in opdefs.registered_kernels(op_type) if k.device == "CPU"]
    there = any(dtype in (kernel.dtypes() or [dtype]) for kernel in theirs)
    ours = [k for k in mt.registered_kernels(op_type) if k.fits({"T": dtype})]
    assert bool(ours) == there


def test_allowed_dtype_without_a_kernel_is_an_error_that_lists_the_kernels(lib):
    error = tf.errors.NotFoundError if lib is tf else LookupError
    one = lib.constant(1)
    with pytest.raises(error, match=r"RealDiv.*T=(DT_INT32|int32)"):
        tf.raw_ops.RealDiv(x=one, y=one) if lib is tf else mt.op("RealDiv", one, one)


def test_division_of_whole_numbers_is_one_of_floats(lib):
    quotient = lib.constant(1) / lib.constant(2)
    assert S.of(quotient.numpy()) == S([], "float64")
    assert float(quotient) == 0.5


def test_new_kernel_serves_a_dtype_that_had_none():
    mt.register_op("Twice", "x: T -> y: T", shapes.unchanged)
    mt.register_kernel("Twice", T="f")(lambda x: x + x)
    with pytest.raises(LookupError, match="T=int32"):
        mt.op("Twice", 1)
    mt.register_kernel("Twice", T="i")(lambda x: x << 1)
    assert [int(mt.op("Twice", 3)), float(mt.op("Twice", 0.5))] == [6, 1.0]
    with pytest.raises(KeyError, match="one kernel"):
        mt.register_kernel("Twice", T="f")(lambda x: x)


# What may stand beside a tensor


def outcome(lib, program):
    """Return the dtype and the value of a sum, or that it is refused."""
    refused = (tf.errors.InvalidArgumentError, TypeError, ValueError)
    try:
        result = program()
    except refused:
        return "refused"
    if not hasattr(result, "numpy"):  # refused, and then computed by NumPy's `__r…__`
        return "refused"
    array = result.numpy()
    return str(array.dtype), np.ravel(array).tolist()


TENSORS = {
    "float32": lambda lib: lib.constant(1.0),
    "float64": lambda lib: lib.constant(np.float64(1.0)),
    "int32": lambda lib: lib.constant(1),
    "int64": lambda lib: lib.constant(np.int64(1)),
    "uint8": lambda lib: lib.constant(np.uint8(1)),
    "bool": lambda lib: lib.constant(True),
}
OTHERS = {
    "int": lambda lib: 2,
    "float": lambda lib: 2.5,
    "large int": lambda lib: 2**40,
    "list of int": lambda lib: [2, 3],
    "list of float": lambda lib: [2.5, 3.0],
    "np.float64": lambda lib: np.float64(2.5),
    "np.int64": lambda lib: np.int64(2**40 + 1),
    "array of float64": lambda lib: np.array([2.5]),
    "array of int64": lambda lib: np.array([2, 300]),
    "array of bool": lambda lib: np.array([True]),
    "string": lambda lib: "2",
    "None": lambda lib: None,
    **TENSORS,
}
FUNCTIONS = {
    "+": lambda lib, a, b: a + b,
    "reversed +": lambda lib, a, b: b + a,
    "add": lambda lib, a, b: lib.add(a, b),
    "reversed add": lambda lib, a, b: lib.add(b, a),
    "multiply": lambda lib, a, b: lib.multiply(a, b),
    "reversed multiply": lambda lib, a, b: lib.multiply(b, a),
    "divide": lambda lib, a, b: lib.divide(a, b),
    "reversed divide": lambda lib, a, b: lib.divide(b, a),
}


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("tensor", TENSORS.values(), ids=TENSORS)
def test_sum_has_the_dtype_and_value_that_tensorflows_has(tensor, other, function):
    theirs, ours = (
        outcome(lib, lambda lib=lib: function(lib, tensor(lib), other(lib)))
        for lib in (tf, mt)
    )
    assert ours == theirs


def test_python_float_is_refused_by_whole_numbers_and_numpys_is_cut(lib):
    error = (tf.errors.InvalidArgumentError, TypeError)
    count = lib.constant(1)
    with pytest.raises(error):
        count + 2.5
    assert int(count + np.float64(2.5)) == 3
    assert int(np.float64(2.5) + count) == 3


class Money:
    def __init__(self, cents):
        self.cents = cents


class Euro(Money):
    pass


def test_registered_class_is_converted_and_so_are_its_subclasses(lib):
    def convert(value, dtype=None, name=None, as_ref=False):
        return lib.constant(value.cents / 100, dtype)

    register(lib, Money, convert)
    assert float(lib.constant(1.0) + Money(50)) == 1.5
    assert float(lib.add(Euro(50), Euro(25))) == 0.75


def register(lib, base_type, function, **priority):
    registry = tf if lib is tf else mt.tensor
    registry.register_tensor_conversion_function(base_type, function, **priority)


def test_lower_priority_number_is_asked_first_and_may_pass(lib):
    class Value:
        def __init__(self, number):
            self.number = number

    asked = []

    def make(name, answer):
        def convert(value, dtype=None, name=name, as_ref=False):
            asked.append(answer)
            return NotImplemented if value.number == answer else lib.constant(1.0)

        return convert

    register(lib, Value, make("late", 150), priority=150)
    register(lib, Value, make("early", 1), priority=1)
    lib.convert_to_tensor(Value(0))
    lib.convert_to_tensor(Value(1))
    assert asked == [1, 1, 150]


def test_class_may_bring_its_conversion(lib):
    class Reading:
        def __tf_tensor__(self, dtype=None, name=None):
            return lib.constant([1.0, 2.0], dtype)

    assert (lib.constant(1.0) + Reading()).numpy().tolist() == [2.0, 3.0]
    assert lib.reduce_sum(Reading()).numpy() == 3.0


def test_method_of_a_class_hears_orders_and_no_wishes(lib):
    heard = []

    class Reading:
        def __tf_tensor__(self, dtype=None, name=None):
            heard.append(dtype)
            return lib.constant([1.0, 2.0], dtype)

    double = lib.constant(np.float64([1, 2]))
    assert (Reading() + double).numpy().tolist() == [2.0, 4.0]
    with pytest.raises((tf.errors.InvalidArgumentError, TypeError)):
        double + Reading()
    assert heard == [double.dtype, None]


OPERATORS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "<": operator.lt,
    ">=": operator.ge,
}
NAMES = ["add", "subtract", "multiply", "divide", "pow", "maximum", "less"]


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("name", [*OPERATORS, *NAMES])
def test_class_is_asked_for_the_dtype_that_tensorflow_asks_for(name, reverse):
    heard = {}
    for lib in (tf, mt):

        class Reading:
            def __tf_tensor__(self, dtype=None, name=None, lib=lib):
                kind = getattr(dtype, "as_numpy_dtype", dtype)
                heard[lib] = None if dtype is None else np.dtype(kind)
                return lib.constant(np.float64([1, 2]), dtype)

        pair = [lib.constant(np.float64([1, 2])), Reading()]
        function = OPERATORS.get(name) or getattr(lib, name)
        function(*(pair[::-1] if reverse else pair))
    assert heard[mt] == heard[tf]


def test_conversion_that_cannot_grant_a_wish_is_asked_again_without_it(lib):
    class Half:
        pass

    heard = []

    def convert(value, dtype=None, name=None, as_ref=False):
        heard.append(dtype)
        return lib.constant(0.5, dtype)

    register(lib, Half, convert)
    whole = lib.constant(1)
    with pytest.raises((tf.errors.InvalidArgumentError, TypeError)):
        whole + Half()
    assert heard == [whole.dtype, None]


def test_tensor_is_not_converted_to_another_dtype(lib):
    with pytest.raises(ValueError, match="dtype"):
        lib.convert_to_tensor(lib.constant(1), np.float32)


def test_variable_of_another_dtype_is_refused_before_it_is_read(lib):
    v = lib.Variable(1)
    with pytest.raises((ValueError, tf.errors.InvalidArgumentError, TypeError)):
        lib.constant(1.0) + v


def test_object_that_nobody_taught_is_refused(lib):
    with pytest.raises(ValueError, match="type"):
        lib.constant(1.0) + object()
