"""Ops: one function that every op passes through, computed at once or put into a graph.

TensorFlow: `quick_execute` in tensorflow/python/eager/execute.py. What runs an op does
not know what a tape is: like `execute.record_gradient` in TensorFlow, the recorder is
hung in from outside.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from microtf.op_def import find_op, infer_types, input_args
from microtf.op_kernel import find_kernel
from microtf.op_kernel import register_kernel as register_kernel
from microtf.tensor import Tensor, convert_to_tensor

Listener = Callable[[str, Sequence[Tensor], dict[str, Any], Sequence[Tensor]], None]

_listeners: list[Listener] = []


class _ThreadState(threading.local):
    """The graphs that this thread is building, the innermost last."""

    def __init__(self) -> None:
        self.graphs: list[Any] = []


_thread = _ThreadState()


def add_listener(listener: Listener) -> None:
    """Call `listener(op_type, inputs, attrs, outputs)` after every op.

    TensorFlow: `add_op_callback` in tensorflow/python/framework/op_callbacks.py, and
    the gradient callback of `TFE_Py_FastPathExecute` (C++).
    """
    _listeners.append(listener)


@contextlib.contextmanager
def graph_mode(graph: Any) -> Iterator[Any]:
    """Have the ops of the block become nodes of `graph`, on this thread.

    `graph.create_op(op_type, inputs, attrs)` is called in place of a kernel, and
    returns the list of the op's outputs. Blocks nest; None in place of a graph computes
    again inside of one, as `tf.init_scope` does.
    TensorFlow: `_DefaultStack` in tensorflow/python/framework/ops.py.
    """
    _thread.graphs.append(graph)
    try:
        yield graph
    finally:
        _thread.graphs.pop()


def current_graph() -> Any:
    """Return the graph that this thread is building, None if ops compute at once."""
    return _thread.graphs[-1] if _thread.graphs else None


def op(op_type: str, *inputs: Any, **attrs: Any) -> Any:
    """Convert the inputs to tensors and run one op on them.

    >>> op("AddV2", 1.0, 2.0)
    <Tensor: shape=(), dtype=float32, numpy=3.0>
    """
    return execute(op_type, args_to_matching(op_type, inputs), attrs)


def args_to_matching(op_type: str, values: Sequence[Any]) -> list[Tensor]:
    """Convert an op's inputs to tensors; those that share a type take one dtype.

    TensorFlow: `args_to_matching_eager` in tensorflow/python/eager/execute.py.
    """
    op_def = find_op(op_type)
    if op_def is None:
        return [convert_to_tensor(value) for value in values]
    types = [arg.type for arg in input_args(op_def, values)]
    found: dict[str, np.dtype] = {}
    for name, value in zip(types, values, strict=True):
        if isinstance(value, Tensor):
            found.setdefault(name, value.dtype)
    tensors = []
    for name, value in zip(types, values, strict=True):
        # A tensor of another dtype is left as it is, for the op to refuse.
        dtype = None if isinstance(value, Tensor) else found.get(name)
        tensors.append(convert_to_tensor(value, dtype))
        found.setdefault(name, tensors[-1].dtype)
    return tensors


def execute(op_type: str, inputs: Sequence[Tensor], attrs: dict[str, Any]) -> Any:
    """Run the kernel, or add a node to the graph, and tell the listeners.

    Returns one tensor, or a list where the op has several outputs or none.
    """
    graph = current_graph()
    if graph is None:
        arrays = run_kernel(op_type, [tensor.numpy() for tensor in inputs], attrs)
        outputs = [Tensor(array) for array in arrays]
    else:
        outputs = graph.create_op(op_type, inputs, attrs)
    for listener in _listeners:
        listener(op_type, inputs, attrs, outputs)
    op_def = find_op(op_type)
    several = len(outputs) != 1 if op_def is None else op_def.returns_list
    return outputs if several else outputs[0]


def run_kernel(
    op_type: str, inputs: Sequence[np.ndarray], attrs: dict[str, Any]
) -> list[np.ndarray]:
    """Compute one op, for a program or for a graph, and return all its outputs."""
    op_def, types = find_op(op_type), {}
    if op_def is not None:
        # NumPy would widen in silence; TensorFlow refuses, and so do we.
        types = infer_types(op_def, [array.dtype for array in inputs], attrs)
    result = find_kernel(op_type, types)(*inputs, **attrs)
    return list(map(np.asarray, result if isinstance(result, list) else [result]))
