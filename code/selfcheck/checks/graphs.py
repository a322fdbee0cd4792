"""Checks of what a function becomes when it is traced."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from selfcheck.checks.base import fail, name_of, show, tf
from selfcheck.checks.values import values_close
from selfcheck.traced import in_short


def same_eager_and_graph(
    function: Callable[..., Any], *inputs: Any, rtol: float = 1e-4, atol: float = 1e-6
) -> None:
    """Fail unless `function` gives the same inside and outside of a graph."""
    eager = _plain(function)(*inputs)
    graph = tf.function(_plain(function))(*inputs)
    what = f"`{name_of(function)}` in a graph (expected: its value in eager mode)"
    values_close(graph, eager, rtol=rtol, atol=atol, on=list(inputs), what=what)


def ops_of(function: Callable[..., Any], *inputs: Any) -> list[str]:
    """The types of all ops in the trace of `function`, nested functions included."""
    compiled = function if hasattr(function, "python_function") else None
    traced = (compiled or tf.function(function)).get_concrete_function(*inputs)
    graph = traced.graph.as_graph_def()
    nodes = list(graph.node)
    for inner in graph.library.function:
        nodes += inner.node_def
    return [node.op for node in nodes]


def graph_has_op(function: Callable[..., Any], *inputs: Any, op: str) -> None:
    """Fail unless the trace of `function` contains an op of this type."""
    found = ops_of(function, *inputs)
    if op not in found:
        fail(
            f"expected the graph of `{name_of(function)}` to contain the op {op}, "
            f"it has {_counted(found)}"
        )


def graph_lacks_op(function: Callable[..., Any], *inputs: Any, op: str) -> None:
    """Fail when the trace of `function` contains an op of this type."""
    found = ops_of(function, *inputs)
    if op in found:
        fail(
            f"expected the graph of `{name_of(function)}` without the op {op}, "
            f"it has {_counted(found)}"
        )


def _counted(ops: list[str]) -> str:
    names = sorted({op for op in ops if op not in ("NoOp", "Placeholder")})
    return ", ".join(f"{name} ({ops.count(name)})" for name in names) or "no op at all"


def retraces_at_most(
    most: int, function: Callable[..., Any], *calls: Sequence[Any]
) -> None:
    """Fail when the calls make TensorFlow trace `function` more than `most` times.

    Args:
        most: traces allowed in all.
        function: a `tf.function`; a plain one is made into one.
        calls: the arguments of each call.
    """
    counted = (
        function
        if hasattr(function, "experimental_get_tracing_count")
        else tf.function(function)
    )
    before = counted.experimental_get_tracing_count()
    for arguments in calls:
        counted(*arguments)
    traces = counted.experimental_get_tracing_count() - before
    if traces > most:
        kinds = [show_signature(arguments) for arguments in calls]
        fail(
            f"expected at most {most} trace(s) of `{name_of(function)}` in "
            f"{len(calls)} calls, got {traces}\nthe calls: {'; '.join(kinds)}"
        )


def show_signature(arguments: Sequence[Any]) -> str:
    """The types and shapes of a call's arguments."""
    parts = [
        f"{tf.as_dtype(value.dtype).name}{list(value.shape)}"
        if hasattr(value, "dtype") and hasattr(value, "shape")
        else show(value)
        for value in arguments
    ]
    return f"({', '.join(parts)})"


def works_for_unknown_batch(
    function: Callable[..., Any], *inputs: Any, rtol: float = 1e-4, atol: float = 1e-6
) -> None:
    """Fail unless a trace with an unknown first size gives what eager mode gives.

    The trace is tried on the inputs and on their first half.
    """
    plain = _plain(function)
    specs = [
        tf.TensorSpec([None, *value.shape[1:]], value.dtype)
        if tf.is_tensor(value) and value.shape.rank
        else value
        for value in inputs
    ]
    try:
        traced = tf.function(plain).get_concrete_function(*specs)
    except Exception as error:
        fail(
            f"expected `{name_of(function)}` to be traced for {show_signature(specs)}, "
            f"got {in_short(error)}"
        )
    size = max(1, len(inputs[0]) // 2)
    halves = [
        value[:size] if tf.is_tensor(value) and value.shape.rank else value
        for value in inputs
    ]
    for arguments in (list(inputs), halves):
        tensors = [value for value in arguments if tf.is_tensor(value)]
        got = traced(*tensors)
        what = f"`{name_of(function)}` traced for an unknown batch size"
        values_close(
            got, plain(*arguments), rtol=rtol, atol=atol, on=arguments, what=what
        )


def _plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """The Python function behind a `tf.function`."""
    return getattr(function, "python_function", function)
