"""A loop without a loop: each op of the body runs once, for all rounds together.

TensorFlow: `pfor` in tensorflow/python/ops/parallel_for/control_flow_ops.py; what
becomes of one op is a function of tensorflow/python/ops/parallel_for/pfor.py.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from microtf.op import add_listener, execute, op
from microtf.symbolic import constant_value
from microtf.tape import Gradient
from microtf.tensor import Tensor, convert_to_tensor


@dataclass(frozen=True)
class Ran:
    """One op that the body ran."""

    op_type: str
    inputs: Sequence[Tensor]
    attrs: dict[str, Any]
    outputs: Sequence[Tensor]


@dataclass(frozen=True)
class Input:
    """An input of such an op: one tensor for all rows, or `rows` of them, stacked.

    `shape` is that of one row. TensorFlow: `WrappedTensor`.
    """

    tensor: Tensor
    shape: tuple[int, ...]
    rows: int | None = None

    def of_rank(self, rank: int) -> Tensor:
        """Put axes of length one between that of the rows and the others."""
        missing = rank - len(self.shape)
        if self.rows is None or missing <= 0:
            return self.tensor
        shape = _ints(self.rows, *[1] * missing, *self.shape)
        return op("Reshape", self.tensor, shape)

    def stacked(self, rows: int) -> Tensor:
        """Return a tensor for each row, copies if all rows share this one."""
        if self.rows is not None:
            return self.tensor
        return op("BroadcastTo", self.tensor, _ints(rows, *self.shape))


Converter = Callable[[Ran, list[Input], int], Any]
_converters: dict[str, Converter] = {}


def pfor(
    body: Callable[[Tensor], Sequence[Gradient]], elements: Tensor
) -> list[Gradient]:
    """Call `body` on the first of the stacked `elements`, then redo its ops on all.

    What depends on no element is not computed again. Returns the body's results, each
    with an axis for the rows in front; None stays None.

    >>> from microtf import constant
    >>> squares = pfor(lambda x: [x * x], constant([1.0, 2.0, 3.0]))
    >>> squares[0].numpy()
    array([1., 4., 9.], dtype=float32)
    """
    rows = elements.shape[0]
    first = op("GatherV2", elements, np.int32(0), np.int32(0))
    with log_ops() as log:
        results = [r if r is None else convert_to_tensor(r) for r in body(first)]
    stacked = {first.id: elements}
    for ran in log:
        if any(tensor.id in stacked for tensor in ran.inputs):
            inputs = [_wrap(tensor, stacked, rows) for tensor in ran.inputs]
            converted = _converters.get(ran.op_type, _row_by_row)(ran, inputs, rows)
            outputs = converted if isinstance(converted, list) else [converted]
            ids = [output.id for output in ran.outputs]
            stacked |= zip(ids, outputs, strict=True)
    return [r if r is None else _wrap(r, stacked, rows).stacked(rows) for r in results]


def _wrap(tensor: Tensor, stacked: dict[int, Tensor], rows: int) -> Input:
    if tensor.id in stacked:
        return Input(stacked[tensor.id], tensor.shape, rows)
    return Input(tensor, tensor.shape)


def register_pfor(*op_types: str) -> Callable[[Converter], Converter]:
    """Decorate the function that runs ops of these types for all rows at once.

    It takes the op as the body ran it, its inputs, and the number of rows; it returns
    outputs with an axis for the rows in front. TensorFlow: `RegisterPFor`.
    """

    def register(converter: Converter) -> Converter:
        _converters.update(dict.fromkeys(op_types, converter))
        return converter

    return register


@register_pfor(
    *("Abs", "AddV2", "BatchMatMulV2", "Cast", "Cos", "Cosh", "Equal", "Exp", "Expm1"),
    *("Greater", "GreaterEqual", "Identity", "Less", "LessEqual", "Log", "Log1p"),
    *("Maximum", "Minimum", "Mul", "Neg", "OnesLike", "Pow", "RealDiv", "Reciprocal"),
    *("Relu", "Rsqrt", "SelectV2", "Sigmoid", "Sign", "Sin", "Sinh", "Softplus"),
    *("Sqrt", "Square", "SquaredDifference", "Sub", "Tanh", "ZerosLike"),
)
def _elementwise(ran: Ran, inputs: list[Input], rows: int) -> Any:
    # Broadcasting aligns axes from the right, so that of the rows has to stay leftmost.
    rank = max(len(wrapped.shape) for wrapped in inputs)
    return execute(ran.op_type, [i.of_rank(rank) for i in inputs], ran.attrs)


@register_pfor("MatMul")
def _matmul(ran: Ran, inputs: list[Input], rows: int) -> Any:
    adj_x = ran.attrs.get("transpose_a", False)
    adj_y = ran.attrs.get("transpose_b", False)
    a, b = (wrapped.tensor for wrapped in inputs)
    return op("BatchMatMulV2", a, b, adj_x=adj_x, adj_y=adj_y)


@register_pfor("AddN")
def _add_n(ran: Ran, inputs: list[Input], rows: int) -> Any:
    return op("AddN", *(wrapped.stacked(rows) for wrapped in inputs))


@register_pfor("Max", "Mean", "Min", "Sum")
def _reduction(ran: Ran, inputs: list[Input], rows: int) -> Any:
    axis = constant_value(inputs[1].tensor)
    shifted = np.where(axis < 0, axis, axis + 1)
    return op(ran.op_type, inputs[0].tensor, shifted, **ran.attrs)


@register_pfor("Reshape")
def _reshape(ran: Ran, inputs: list[Input], rows: int) -> Any:
    shape = _ints(rows, *constant_value(inputs[1].tensor))
    return op("Reshape", inputs[0].tensor, shape)


@register_pfor("BroadcastTo")
def _broadcast_to(ran: Ran, inputs: list[Input], rows: int) -> Any:
    shape = constant_value(inputs[1].tensor)
    return op("BroadcastTo", inputs[0].of_rank(len(shape)), _ints(rows, *shape))


@register_pfor("Transpose")
def _transpose(ran: Ran, inputs: list[Input], rows: int) -> Any:
    perm = constant_value(inputs[1].tensor)
    return op("Transpose", inputs[0].tensor, _ints(0, *(perm + 1)))


def _row_by_row(ran: Ran, inputs: list[Input], rows: int) -> list[Tensor]:
    """Run an op without a converter once for each row.

    TensorFlow: `_fallback_converter`, which warns.
    """
    split = [op("Unpack", i.stacked(rows), num=rows) for i in inputs]
    results = [execute(ran.op_type, row, ran.attrs) for row in zip(*split, strict=True)]
    listed = [r if isinstance(r, list) else [r] for r in results]
    return [op("Pack", *column) for column in zip(*listed, strict=True)]


def _ints(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int32)


class _ThreadState(threading.local):
    def __init__(self) -> None:
        self.logs: list[list[Ran]] = []


_thread = _ThreadState()


@contextlib.contextmanager
def log_ops() -> Iterator[list[Ran]]:
    """Log the ops of the block."""
    _thread.logs.append([])
    try:
        yield _thread.logs[-1]
    finally:
        _thread.logs.pop()


def _listen(*told: Any) -> None:
    for log in _thread.logs:
        log.append(Ran(*told))


add_listener(_listen)
