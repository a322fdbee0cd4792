"""Control flow and AutoGraph of the miniature against TensorFlow's."""

# ruff: noqa: SIM108 (an expression would be another thing to convert)

import functools
import inspect
import traceback
from collections import Counter

import numpy as np
import pytest
import tensorflow as tf

import microtf as mt


@pytest.fixture(params=[tf, mt], ids=["tensorflow", "microtf"])
def lib(request):
    """TensorFlow first, the miniature second, under the same assert."""
    return request.param


def spec(lib, shape=(), dtype="float32"):
    return lib.TensorSpec(shape, dtype)


def nodes(concrete):
    graph = concrete.graph
    return graph.get_operations() if hasattr(graph, "get_operations") else graph.ops


def control_flow_ops(concrete) -> Counter:
    kinds = ("If", "StatelessIf", "While", "StatelessWhile")
    return Counter(op.type for op in nodes(concrete) if op.type in kinds)


def value(tensor):
    return np.round(np.asarray(tensor, np.float64), 5).tolist()


def both(lib, python_function, *calls):
    """Call a function as it is, and converted with tensors; they have to agree."""
    converted = lib.function(python_function)
    for call in calls:
        expected = python_function(*call)
        tensors = [lib.constant(number) for number in call]
        assert value(converted(*tensors)) == pytest.approx(expected, rel=1e-5)
    return converted


# The ops


def test_a_condition_in_eager_mode_calls_one_function(lib):
    called = []
    result = lib.cond(
        lib.constant(1.0) > 0.0,
        lambda: called.append("true") or lib.constant(1.0),
        lambda: called.append("false") or lib.constant(2.0),
    )
    assert (value(result), called) == (1.0, ["true"])


def test_a_condition_in_a_graph_traces_both_functions_and_runs_one(lib):
    called, total = [], lib.Variable(0.0)

    def branch(name, amount):
        called.append(name)
        total.assign_add(amount)
        return lib.identity(total)

    @lib.function
    def f(x):
        return lib.cond(
            x > 0.0, lambda: branch("true", 1.0), lambda: branch("false", 10.0)
        )

    concrete = f.get_concrete_function(spec(lib))
    traced = Counter(called)
    assert traced == {"true": 1, "false": 1}
    assert control_flow_ops(concrete) == {"If": 1}
    results = [value(f(lib.constant(number))) for number in (1.0, -1.0, 1.0)]
    assert results == [1.0, 11.0, 12.0]
    assert Counter(called) == traced


def test_a_condition_without_effects_is_stateless(lib):
    f = lib.function(lambda x: lib.cond(x > 0.0, lambda: x, lambda: -x))
    assert control_flow_ops(f.get_concrete_function(spec(lib))) == {"StatelessIf": 1}
    assert value(f(lib.constant(-3.0))) == 3.0


def test_a_branch_that_reads_a_variable_comes_before_a_later_write(lib):
    level = lib.Variable(1.0)

    @lib.function
    def f(x):
        y = lib.cond(x > 0.0, lambda: x * level, lambda: x)
        level.assign(10.0)
        return y

    assert [value(f(lib.constant(2.0))) for _ in range(2)] == [2.0, 20.0]


def test_branches_of_different_types_are_refused(lib):
    f = lib.function(lambda x: lib.cond(x > 0.0, lambda: x, lambda: 1))
    with pytest.raises(TypeError, match="same"):
        f(lib.constant(1.0))


def test_branches_of_different_shapes_make_an_unknown_length(lib):
    @lib.function
    def f(x):
        return lib.cond(
            lib.reduce_sum(x) > 0.0, lambda: x, lambda: lib.concat([x, x], 0)
        )

    concrete = f.get_concrete_function(spec(lib, [2]))
    assert tuple(concrete.graph.outputs[0].shape) == (None,)
    assert value(f(lib.constant([-1.0, 0.0]))) == [-1.0, 0.0, -1.0, 0.0]


def test_a_loop_runs_on_tensors(lib):
    @lib.function
    def f(n, base):
        return lib.while_loop(
            lambda i, product: i < n,
            lambda i, product: (i + 1, product * base),
            (0, 1.0),
        )

    results = f(lib.constant(4), lib.constant(3.0))
    assert [value(result) for result in results] == [4, 81.0]
    concrete = f.get_concrete_function(spec(lib, (), "int32"), spec(lib))
    assert control_flow_ops(concrete) == {"StatelessWhile": 1}


def test_a_loop_stops_after_maximum_iterations(lib):
    @lib.function
    def f(x):
        return lib.while_loop(
            lambda x: x < 100.0, lambda x: (x * 2.0,), (x,), maximum_iterations=3
        )[0]

    assert [value(f(lib.constant(x))) for x in (1.0, 99.0)] == [8.0, 198.0]


def test_a_loop_that_changes_a_shape_needs_an_invariant(lib):
    def grow(x, shape_invariants=None):
        return lib.while_loop(
            lambda x: lib.reduce_sum(x) < 10.0,
            lambda x: (lib.concat([x, x], 0),),
            (x,),
            shape_invariants,
        )[0]

    with pytest.raises(ValueError, match="shape"):
        lib.function(grow)(lib.constant([1.0]))
    invariant = (tf.TensorShape([None]),) if lib is tf else ([None],)
    grown = lib.function(lambda x: grow(x, invariant))(lib.constant([1.0]))
    assert np.asarray(grown).shape == (16,)


# Gradients


@pytest.mark.parametrize("at", [2.0, 0.5])
@pytest.mark.parametrize("inside", [True, False])
def test_a_tape_goes_back_through_the_branch_that_ran(lib, at, inside):
    scale = lib.Variable(0.5)

    def forward(x):
        return lib.cond(x > 1.0, lambda: lib.tanh(x * scale) * x, lambda: lib.exp(x))

    def gradients(x, function):
        with lib.GradientTape() as tape:
            tape.watch(x)
            y = function(x)
        return tape.gradient(y, [x, scale])

    def step(x):
        return gradients(x, forward)

    x = lib.constant(at)
    found = lib.function(step)(x) if inside else gradients(x, lib.function(forward))
    t = np.tanh(0.5 * at)
    taken = [t + at * 0.5 * (1 - t**2), at**2 * (1 - t**2)]
    expected = taken if at > 1 else [np.exp(at), 0.0]
    np.testing.assert_allclose([float(g) for g in found], expected, rtol=1e-5)


@pytest.mark.parametrize("at", [2.0, 0.5])
def test_a_tape_goes_back_through_a_branch_twice(lib, at):
    def second(x):
        with lib.GradientTape() as outer:
            outer.watch(x)
            with lib.GradientTape() as tape:
                tape.watch(x)
                y = lib.cond(x > 1.0, lambda: lib.tanh(x), lambda: x * x * x)
            slope = tape.gradient(y, x)
        return outer.gradient(slope, x)

    t = np.tanh(at)
    expected = -2 * t * (1 - t**2) if at > 1 else 6 * at
    found = lib.function(second)(lib.constant(at))
    np.testing.assert_allclose(float(found), expected, rtol=1e-5)


@pytest.mark.parametrize("inside", [True, False])
def test_a_tape_goes_back_through_every_round_of_a_loop(lib, inside):
    scale = lib.Variable(0.7)

    def forward(x, n):
        y = x
        for _ in range(n):
            y = lib.tanh(y * scale) + x
        return y

    def gradients(x, n, function):
        with lib.GradientTape() as tape:
            tape.watch(x)
            y = function(x, n)
        return tape.gradient(y, [x, scale])

    def step(x, n):
        return gradients(x, n, forward)

    x, n = lib.constant([0.5, -1.0]), lib.constant(3)
    found = (
        lib.function(step)(x, n) if inside else gradients(x, n, lib.function(forward))
    )
    dx, dscale, y = np.ones(2), np.zeros(2), np.array([0.5, -1.0])
    for _ in range(3):
        t = np.tanh(y * 0.7)
        dscale = (1 - t**2) * (0.7 * dscale + y)
        dx, y = 1 + (1 - t**2) * 0.7 * dx, t + np.array([0.5, -1.0])
    np.testing.assert_allclose(np.asarray(found[0]), dx, rtol=1e-5)
    np.testing.assert_allclose(float(found[1]), dscale.sum(), rtol=1e-5)


def test_a_tape_goes_back_through_conditions_and_loops_in_loops(lib):
    def forward(x, n):
        for i in range(n):
            if x > 1.0:
                x = x * x
            for _ in range(i, n):
                x = x * 1.5
        return x

    x = lib.constant(0.5)
    with lib.GradientTape() as tape:
        tape.watch(x)
        y = lib.function(forward)(x, lib.constant(3))
    # 1.5 ** 3 in the first round; then squared, twice
    slope = (1.5**3 * (4 * 0.5**3)) * (1.5**3) ** 3 * (1.5**2) ** 2 * 1.5
    np.testing.assert_allclose(float(tape.gradient(y, x)), slope, rtol=1e-5)


def test_the_miniature_refuses_a_second_derivative_of_a_loop():
    x = mt.constant(0.5)

    @mt.function
    def second(x):
        with mt.GradientTape() as outer:
            outer.watch(x)
            with mt.GradientTape() as tape:
                tape.watch(x)
                (y,) = mt.while_loop(lambda y: y < 4.0, lambda y: (y * y * 3.0,), (x,))
            slope = tape.gradient(y, x)
        return outer.gradient(slope, x)

    with pytest.raises(NotImplementedError, match="one tape around a loop"):
        second(x)
    f = mt.function(
        lambda x: mt.while_loop(lambda y: y < 4.0, lambda y: (y * y * 3.0,), (x,))[0]
    )
    with mt.GradientTape() as outer:
        outer.watch(x)
        with mt.GradientTape() as tape:
            tape.watch(x)
            y = f(x)
        with pytest.raises(LookupError, match="TensorList"):
            outer.gradient(tape.gradient(y, x), x)


# Statements


def relu(x):
    if x > 0.0:
        y = x
    else:
        y = 0.0 * x
    return y


def collatz_like(x, limit):
    rounds = 0
    while x < limit:
        x = x * 2.0
        rounds += 1
        if rounds > 3 and x > 5.0:
            break
        if not rounds > 1:
            continue
        x = x + 0.5
    return -x


def early_return(x):
    if x > 10.0:
        return x - 10.0
    x = x + 1.0
    if x > 5.0:
        x = x * 2.0
        if x > 15.0:
            return x
        return -x
    return x


def nested_loops(n, limit):
    total = 0
    for i in range(n):
        for j in range(i, n):
            if j > limit:
                break
            total = total + j
        if total > 20:
            break
    return total


def count_down(n):
    total = 0
    for i in range(n, 0, -2):
        total += i
    return total


def test_converted_statements_compute_what_python_computes(lib):
    both(lib, relu, (2.0,), (-2.0,))
    both(lib, collatz_like, (0.1, 10.0), (3.0, 20.0), (9.0, 1.0))
    both(lib, early_return, (12.0,), (6.0,), (8.0,), (1.0,))
    both(lib, nested_loops, (6, 3), (0, 1), (9, 9))
    both(lib, count_down, (7,), (0,))


def test_the_same_statement_is_a_graph_op_or_python_as_the_value_decides(lib):
    @lib.function
    def f(x, limit):
        while x < limit:
            x = x * 2.0
        return x if x > 5.0 else -x

    symbolic = f.get_concrete_function(spec(lib), spec(lib))
    assert control_flow_ops(symbolic) == {"StatelessWhile": 1, "StatelessIf": 1}
    python = f.get_concrete_function(1.0, 9.0)
    assert control_flow_ops(python) == {}
    assert value(f(lib.constant(1.0), lib.constant(9.0))) == value(f(1.0, 9.0)) == 16.0


def test_a_loop_over_a_python_range_is_unrolled(lib):
    @lib.function
    def f(x, n):
        for _ in range(n):
            x = lib.tanh(x)
        return x

    unrolled = f.get_concrete_function(spec(lib), 5)
    assert Counter(op.type for op in nodes(unrolled))["Tanh"] == 5
    if lib is tf:
        staged = f.get_concrete_function(spec(lib), spec(lib, (), "int32"))
        assert control_flow_ops(staged) == {"StatelessWhile": 1}


def test_a_loop_over_a_tensor_goes_row_by_row(lib):
    @lib.function
    def f(rows):
        best = -1.0
        for row in rows:
            best = lib.maximum(best, lib.reduce_sum(row))
        return best

    rows = lib.constant([[1.0, 2.0], [5.0, -1.0]])
    assert value(f(rows)) == 4.0
    assert sum(control_flow_ops(f.get_concrete_function(rows)).values()) == 1


def test_functions_that_are_called_are_converted_as_well(lib):
    class Model:
        def clip(self, x):
            if x > 1.0:
                return x * 0.0 + 1.0
            return x

    model = Model()

    @lib.function
    def f(x):
        return relu(model.clip(x))

    assert [value(f(lib.constant(x))) for x in (5.0, 0.5, -3.0)] == [1.0, 0.5, 0.0]


def test_a_function_that_is_not_to_be_converted_stays_python(lib):
    kept = lib.autograph.experimental if lib is tf else lib.autograph
    f = lib.function(lambda x: kept.do_not_convert(relu)(x))
    with pytest.raises(TypeError, match="symbolic"):
        f(lib.constant(1.0))
    with pytest.raises(TypeError, match="symbolic"):
        lib.function(relu, autograph=False)(lib.constant(1.0))


def test_methods_closures_and_defaults_survive_conversion(lib):
    offset, weights = 2.0, lib.Variable(3.0)

    class Model:
        @lib.function
        def call(self, x, *, flip=False):
            if x > offset:
                weights.assign_add(1.0)
            return -x * weights if flip else x * weights

    model = Model()
    results = [value(model.call(lib.constant(x))) for x in (1.0, 3.0)]
    assert [*results, value(model.call(lib.constant(1.0), flip=True))] == [3, 12, -4]


# What cannot be


def partly_returns(x):
    if x > 0.0:
        return x


def defines_in_one_branch(x):
    if x > 0.0:
        y = x
    return y


def changes_type(x):
    if x > 0.0:
        y = x
    else:
        y = 1
    return y


def loses_a_value(x):
    y = x
    if x > 0.0:
        y = None
    return y


def returns_from_a_loop(x):
    while x < 10.0:
        x = x * 2.0
        if x > 5.0:
            return x
    return -x


def changes_type_in_a_loop(x):
    i = 0
    while x < 10.0:
        x, i = x * 2.0, x
    return i


def defines_in_a_loop(x):
    while x < 10.0:
        x = x * 2.0
        found = x
        if found > 5.0:
            found, last = x, found
    return last


@pytest.mark.parametrize(
    ("function", "error", "words"),
    [
        (
            partly_returns,
            ValueError,
            "the else branch must also have a return statement",
        ),
        (defines_in_one_branch, ValueError, "'y' must also be initialized in the else"),
        (
            changes_type,
            TypeError,
            "'y' has dtype float32 in the main branch, but dtype",
        ),
        (loses_a_value, ValueError, "'y' is None at the end of the main branch"),
        (
            returns_from_a_loop,
            NotImplementedError,
            "a return statement cannot be placed",
        ),
        (
            changes_type_in_a_loop,
            TypeError,
            "has dtype int32 before the loop, but dtype",
        ),
        (defines_in_a_loop, ValueError, "'last' must"),
    ],
)
def test_what_a_graph_cannot_do_is_refused_by_the_name_of_the_variable(
    lib, function, error, words
):
    with pytest.raises(error, match=words):
        lib.function(function)(lib.constant(1.0))


def test_a_python_loop_cannot_break_on_a_tensor(lib):
    @lib.function
    def f(x):
        for _ in range(3):
            if x > 2.0:
                break
            x = x + 1.0
        return x

    with pytest.raises(NotImplementedError, match=r"Python|non-Tensor"):
        f(lib.constant(1.0))


def test_an_error_while_tracing_shows_the_line_that_somebody_wrote(lib):
    def faulty(x):
        if x > 0.0:
            y = lib.reshape(x, [3, 5])
        else:
            y = x
        return y

    lines, first = inspect.getsourcelines(faulty)
    number = first + next(i for i, line in enumerate(lines) if "reshape" in line)
    with pytest.raises(ValueError, match=r".") as caught:
        lib.function(faulty)(lib.constant(1.0))
    if lib is tf:
        assert f'{__file__}", line {number}, in faulty' in str(caught.value)
    else:
        frames = traceback.extract_tb(caught.value.__traceback__)
        assert (__file__, number) in [(f.filename, f.lineno) for f in frames]


def test_a_name_without_a_value_complains_when_it_is_read(lib):
    def f(x, flag):
        if flag:
            y = x
        return y

    assert value(lib.function(f)(lib.constant(2.0), True)) == 2.0
    with pytest.raises(UnboundLocalError, match="y"):
        lib.function(f)(lib.constant(2.0), False)


# The passes of the miniature


def test_passes_come_in_tensorflows_order():
    from tensorflow.python.autograph.impl import api

    source = inspect.getsource(api.PyToTF.transform_ast)
    names = [run.__name__ for run in mt.autograph.api.PASSES]
    places = [source.index(f"{name}.transform") for name in names]
    assert places == sorted(places)


def test_each_pass_leaves_code_that_can_be_read():
    stages = dict(mt.autograph.stages(collatz_like))
    assert "break_ = True" in stages["break_statements"]
    assert "break\n" not in stages["break_statements"]
    assert "continue_ = True" in stages["continue_statements"]
    assert "ag__.while_stmt(" in stages["control_flow"]
    assert "while not break_ and x < limit" in stages["return_statements"]
    assert mt.autograph.to_code(collatz_like) == stages["variables"]
    assert "break" in stages["source"]


def test_a_loop_with_else_is_refused():
    def f(x):
        for _ in range(3):
            x = x + 1.0
        else:
            x = -x
        return x

    with pytest.raises(NotImplementedError, match="without `else`"):
        mt.function(f)(mt.constant(1.0))


def test_a_wrapper_is_converted_as_itself_and_what_it_wraps_as_well(lib):
    def loud(function):
        @functools.wraps(function)
        def wrapper(x):
            result = function(x)
            if x > 10.0:
                result = -result
            return result

        return wrapper

    @loud
    def clip(x):
        if x > 1.0:
            x = lib.constant(1.0)
        return x

    def outer(x):
        return clip(x)

    function = lib.function(outer)
    found = [value(function(lib.constant(x))) for x in (0.5, 5.0, 50.0)]
    assert found == [0.5, 1.0, -1.0]
