"""Ops: a registry of kernels, and one function that every op passes through.

TensorFlow: `quick_execute` in tensorflow/python/eager/execute.py for the function,
`OpRegistry` and `KernelDef` (C++) for the registries. What runs an op does not know
what a tape is: like `execute.record_gradient` in TensorFlow, the recorder is hung in
from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from microtf.tensor import Tensor, convert_to_tensor

Kernel = Callable[..., np.ndarray | list[np.ndarray]]
Listener = Callable[[str, Sequence[Tensor], dict[str, Any], Sequence[Tensor]], None]

_kernels: dict[str, Kernel] = {}
_listeners: list[Listener] = []


def register_kernel(op_type: str) -> Callable[[Kernel], Kernel]:
    """Decorate the NumPy function that computes ops of type `op_type`.

    It takes the input arrays by position and the attributes by name, and returns
    one array, or a list for an op with several outputs.
    """

    def register(kernel: Kernel) -> Kernel:
        if op_type in _kernels:
            raise KeyError(f"expected a new op type, got {op_type!r} a second time")
        _kernels[op_type] = kernel
        return kernel

    return register


def add_listener(listener: Listener) -> None:
    """Call `listener(op_type, inputs, attrs, outputs)` after every op.

    TensorFlow: `add_op_callback` in tensorflow/python/framework/op_callbacks.py, and
    the gradient callback of `TFE_Py_FastPathExecute` (C++).
    """
    _listeners.append(listener)


def op(op_type: str, *inputs: Any, **attrs: Any) -> Any:
    """Convert the inputs to tensors and run one op on them.

    >>> op("AddV2", 1.0, 2.0)
    <Tensor: shape=(), dtype=float32, numpy=3.0>
    """
    return execute(op_type, [convert_to_tensor(value) for value in inputs], attrs)


def execute(op_type: str, inputs: Sequence[Tensor], attrs: dict[str, Any]) -> Any:
    """Run the kernel, wrap what comes out, tell the listeners.

    Returns one tensor, or a list where the op has several outputs.
    """
    if op_type not in _kernels:
        raise LookupError(
            f"expected an op type with a kernel, got {op_type!r}; "
            "microtf.register_kernel adds one"
        )
    _check_dtypes(op_type, inputs)
    result = _kernels[op_type](*(tensor.numpy() for tensor in inputs), **attrs)
    several = isinstance(result, list)
    outputs = [Tensor(array) for array in (result if several else [result])]
    for listener in _listeners:
        listener(op_type, inputs, attrs, outputs)
    return outputs if several else outputs[0]


def _check_dtypes(op_type: str, inputs: Sequence[Tensor]) -> None:
    # NumPy would widen in silence; TensorFlow refuses, and so do we.
    dtypes = {tensor.dtype for tensor in inputs if tensor.dtype.kind == "f"}
    if len(dtypes) > 1:
        names = " and ".join(sorted(map(str, dtypes)))
        raise TypeError(
            f"{op_type} expected inputs of one floating dtype, got {names}; "
            "microtf.cast changes one"
        )
