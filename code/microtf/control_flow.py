"""Control flow in a graph: ops whose attributes are graphs.

TensorFlow: `cond` in tensorflow/python/ops/cond.py over cond_v2.py, `while_loop` in
tensorflow/python/ops/while_loop.py over while_v2.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from microtf import nest
from microtf.auto_control_deps import add_control_dependencies, is_stateful
from microtf.func_graph import FuncGraph
from microtf.math_ops import identity, less, logical_and
from microtf.op import current_graph, execute, graph_mode, register_kernel
from microtf.record import no_tapes, variable_accessed
from microtf.spec import TensorSpec
from microtf.tensor import Tensor, convert_to_tensor


def cond(pred: Any, true_fn: Callable[[], Any], false_fn: Callable[[], Any]) -> Any:
    """Call one of two functions; while a graph is built, trace both into an `If`.

    `pred` is a scalar. Both return the same structure of tensors, of the same types;
    raises TypeError where they do not. TensorFlow: `tf.cond`.

    >>> cond(convert_to_tensor(2.0) > 1.0, lambda: 1.0, lambda: 0.0)
    1.0
    """
    if current_graph() is None:
        return true_fn() if pred else false_fn()
    branches = [
        trace_branch(function, name)
        for function, name in [(true_fn, "then_branch"), (false_fn, "else_branch")]
    ]
    _check_same_outputs(*branches)
    externals = capture_the_same(branches)
    structure = branches[0].structured_outputs
    results = map(identity, _if(pred, branches, externals))
    flat = [None if t is None else next(results) for t in nest.flatten(structure)]
    return nest.pack_sequence_as(structure, flat)


def _if(pred: Any, branches: Sequence[FuncGraph], externals: list[Tensor]) -> list:
    then_branch, else_branch = branches
    attrs = {"then_branch": then_branch, "else_branch": else_branch}
    attrs |= _types(externals, then_branch.outputs)
    op_type = "If" if any(map(_has_effects, branches)) else "StatelessIf"
    results = execute(op_type, [convert_to_tensor(pred), *externals], attrs)
    return results if isinstance(results, list) else [results]


def while_loop(
    cond: Callable[..., Any],
    body: Callable[..., Sequence[Any]],
    loop_vars: Sequence[Any],
    shape_invariants: Sequence[Sequence[int | None] | None] | None = None,
    maximum_iterations: int | None = None,
    names: Sequence[str] | None = None,
) -> list[Any]:
    """Repeat `body` while `cond` holds; while a graph is built, trace both, once.

    Both take one tensor for each of `loop_vars`, and `body` returns as many. Raises
    ValueError where a round changes a shape and no `shape_invariants` allow it,
    TypeError where it changes a dtype; `names` are for the message.
    TensorFlow: `tf.while_loop`.
    """
    if current_graph() is None:
        return _run_in_python(cond, body, loop_vars, maximum_iterations)
    loop_vars = [convert_to_tensor(value) for value in loop_vars]
    shapes = shape_invariants or [None] * len(loop_vars)
    specs = [
        TensorSpec(tensor.shape if shape is None else shape, tensor.dtype)
        for tensor, shape in zip(loop_vars, shapes, strict=True)
    ]

    def bounded(counter: Tensor, *values: Tensor) -> Any:
        go_on = cond(*values)
        if maximum_iterations is None:
            return go_on
        return logical_and(less(counter, maximum_iterations), go_on)

    counted = [TensorSpec((), "int32"), *specs]
    test = trace_branch(bounded, "cond", counted)
    step = trace_branch(lambda i, *v: [i + 1, *body(*v)], "body", counted)
    names = names or [f"loop variable {n}" for n in range(len(specs))]
    _check_invariants(names, specs, step.outputs[1:])
    results = _while(test, step, [convert_to_tensor(0), *loop_vars])
    return list(results[1 : len(counted)])


def _while(test: FuncGraph, step: FuncGraph, loop_vars: list[Tensor]) -> list[Tensor]:
    externals = capture_the_same([test, step])
    with graph_mode(step):  # what came from outside goes unchanged into the next round
        step.outputs += [identity(t) for t in step.inputs[len(loop_vars) :]]
    inputs = [*loop_vars, *externals]
    attrs = {"cond": test, "body": step, **_types(inputs, inputs)}
    effects = _has_effects(test) or _has_effects(step)
    return execute("While" if effects else "StatelessWhile", inputs, attrs)


def trace_branch(
    function: Callable[..., Any], name: str, specs: Sequence[TensorSpec] = ()
) -> FuncGraph:
    """Trace a branch, or the body of a loop, into a graph inside of the current one."""
    graph = FuncGraph(name, outer_graph=current_graph())
    with graph_mode(graph), no_tapes():
        result = function(*[graph.placeholder(spec) for spec in specs])
        flat = [None if v is None else identity(v) for v in nest.flatten(result)]
        graph.structured_outputs = nest.pack_sequence_as(result, flat)
        graph.outputs = [tensor for tensor in flat if tensor is not None]
        add_control_dependencies(graph)
    for variable in graph.variables:
        variable_accessed(variable)
    return graph


def capture_the_same(graphs: Sequence[FuncGraph]) -> list[Tensor]:
    """Give graphs that are run on the same inputs the same captures, in one order."""
    externals = {t.id: t for graph in graphs for t in graph.captured_inputs}
    for graph in graphs:
        own = graph.inputs[: len(graph.inputs) - len(graph.captures)]
        with graph_mode(graph):
            graph.inputs = [*own, *(graph.capture(t) for t in externals.values())]
    return list(externals.values())


def _types(inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> dict[str, Any]:
    return {
        "Tin": [tensor.dtype for tensor in inputs],
        "Tout": [tensor.dtype for tensor in outputs],
    }


def _has_effects(graph: FuncGraph) -> bool:
    return any(map(is_stateful, graph.ops))


def _check_same_outputs(*branches: FuncGraph) -> None:
    kinds = []
    for graph in branches:
        structure = graph.structured_outputs
        dtypes = [t if t is None else str(t.dtype) for t in nest.flatten(structure)]
        kinds.append(nest.pack_sequence_as(structure, dtypes))
    if kinds[0] != kinds[1]:
        raise TypeError(
            "expected true_fn and false_fn to return the same structure of tensors of "
            f"the same types, got {kinds[0]} and {kinds[1]}"
        )


def _check_invariants(
    names: Sequence[str], specs: Sequence[TensorSpec], outputs: Sequence[Tensor]
) -> None:
    if len(specs) != len(outputs):
        raise ValueError(
            f"expected a body that returns {len(specs)} loop variables, "
            f"got {len(outputs)}"
        )
    for name, spec, output in zip(names, specs, outputs, strict=True):
        after = TensorSpec.of(output)
        if after.dtype != spec.dtype:
            raise TypeError(
                f"{name} has dtype {spec.dtype} before the loop, but "
                f"dtype {after.dtype} after one iteration"
            )
        if not after.is_subtype_of(spec):
            raise ValueError(
                f"{name} has shape {spec.shape} before the loop, but "
                f"shape {after.shape} after one iteration; `shape_invariants` "
                "allow a shape to vary"
            )


def _run_in_python(cond, body, loop_vars, maximum_iterations) -> list[Any]:
    values, rounds = list(loop_vars), 0
    while (maximum_iterations is None or rounds < maximum_iterations) and cond(*values):
        values, rounds = list(body(*values)), rounds + 1
    return values


def _run_if(pred, *inputs, then_branch, else_branch, **_):
    return (then_branch if pred else else_branch).run(inputs)


def _run_while(*inputs, cond, body, **_):
    while np.all(cond.run(inputs)):
        inputs = body.run(inputs)
    return list(inputs)


for _prefix in ("", "Stateless"):
    register_kernel(_prefix + "If")(_run_if)
    register_kernel(_prefix + "While")(_run_while)
