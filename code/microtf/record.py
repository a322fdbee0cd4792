"""Recording: what every op that ran tells the tapes that are active.

TensorFlow: tensorflow/python/eager/record.py, and `RecordGradient` in
tensorflow/python/eager/pywrap_tfe_src.cc (C++).
"""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from microtf.op import add_listener, current_graph, op
from microtf.registry import RecordedOp, gradient_function, reads
from microtf.tape import Backward, Gradient
from microtf.tensor import Tensor, convert_to_tensor


class _ThreadState(threading.local):
    """The tapes that are open on this thread, and whether they are all paused."""

    def __init__(self) -> None:
        self.tapes: list[Any] = []
        self.stopped = False


_thread = _ThreadState()


def open_tapes() -> list[Any]:
    """Return the list of this thread's open tapes, for them to enter and leave."""
    return _thread.tapes


def _recording_tapes() -> Sequence[Any]:
    return () if _thread.stopped else tuple(_thread.tapes)


def record_gradient(
    op_type: str,
    inputs: Sequence[Tensor],
    attrs: dict[str, Any],
    outputs: Sequence[Tensor],
) -> None:
    """Offer an op that ran to every active tape."""

    def make_backward() -> Backward:
        kept_inputs = inputs if reads(op_type, "inputs") else None
        kept_outputs = outputs if reads(op_type, "outputs") else None
        context = (op_type, attrs, len(inputs), kept_inputs, kept_outputs)
        return functools.partial(_gradient_function, *context)

    for tape in _recording_tapes():
        tape.record(op_type, inputs, outputs, make_backward)


add_listener(record_gradient)


def _gradient_function(
    op_type: str,
    attrs: dict[str, Any],
    num_inputs: int,
    inputs: Sequence[Tensor] | None,
    outputs: Sequence[Tensor] | None,
    upstream: Sequence[Gradient],
    skip_input_indices: Sequence[int],
) -> Sequence[Gradient]:
    """Look up the op's gradient function and call it.

    TensorFlow: `_gradient_function` in tensorflow/python/eager/backprop.py.
    """
    function = gradient_function(op_type)
    if function is None:
        return [None] * num_inputs
    recorded = RecordedOp(op_type, attrs, inputs, outputs, skip_input_indices)
    result = function(recorded, *upstream)
    return result if isinstance(result, list | tuple) else [result]


def record_operation(
    op_type: str,
    output_tensors: Sequence[Tensor],
    input_tensors: Sequence[Tensor],
    backward_function: Callable[..., Sequence[Gradient]],
) -> None:
    """Put a record on every active tape for something that was no op.

    `backward_function` takes one gradient per output and returns one per input.
    """
    num_inputs = len(input_tensors)

    def backward(upstream: Sequence[Gradient], _: Sequence[int]) -> Sequence[Gradient]:
        gradients = backward_function(*upstream)
        if len(gradients) != num_inputs:
            raise ValueError(
                f"expected {num_inputs} gradients from the backward function of "
                f"{op_type!r}, one per input, got {len(gradients)}"
            )
        return gradients

    for tape in _recording_tapes():
        tape.record(op_type, input_tensors, output_tensors, lambda: backward)


def variable_accessed(variable: Any) -> None:
    """Tell the graph and every active tape that a variable is about to be read."""
    graph = current_graph()
    if graph is not None:
        graph.watch_variable(variable)
    for tape in _recording_tapes():
        tape.variable_accessed(variable)


def should_record_backprop(tensors: Sequence[Tensor]) -> int:
    """Return how many tapes would record an op on `tensors`.

    A persistent tape counts twice: it can be asked while it listens.
    """
    tapes = (tape for tape in _recording_tapes() if tape.should_record(tensors))
    return sum(1 + tape.persistent for tape in tapes)


@contextlib.contextmanager
def no_tapes() -> Iterator[None]:
    """Start without open tapes in the block, which may open its own."""
    before, stopped = _thread.tapes, _thread.stopped
    _thread.tapes, _thread.stopped = [], False
    try:
        yield
    finally:
        _thread.tapes, _thread.stopped = before, stopped


@contextlib.contextmanager
def stop_recording() -> Iterator[None]:
    """Hide what runs in the block from all tapes of this thread."""
    before, _thread.stopped = _thread.stopped, True
    try:
        yield
    finally:
        _thread.stopped = before


def stop_gradient(tensor: Any) -> Tensor:
    """Return the same value as a tensor that no tape knows of.

    TensorFlow: `stop_gradient` in tensorflow/python/ops/array_ops.py.
    """
    tensor = convert_to_tensor(tensor)
    with stop_recording():
        return op("StopGradient", tensor)
