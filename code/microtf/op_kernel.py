"""Kernels: what computes an op, for the dtypes that it is registered for.

An op's definition says which dtypes have a meaning; the kernels say for which of them
there is code. TensorFlow: `KernelDef` and `FindKernelRegistration` in
tensorflow/core/framework/op_kernel.cc (C++), where a kernel also belongs to a device.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Function = Callable[..., np.ndarray | list[np.ndarray]]


@dataclass(frozen=True)
class KernelDef:
    """A NumPy function, and the kinds of dtype that it computes with.

    `constraint` maps type attributes to NumPy's letters for kinds: {"T": "fc"}; an
    attribute that it does not name may stand for any dtype.
    """

    function: Function
    constraint: dict[str, str]

    def fits(self, types: dict[str, Any]) -> bool:
        """Whether the kernel computes with these dtypes."""
        return all(
            name not in types or np.dtype(types[name]).kind in kinds
            for name, kinds in self.constraint.items()
        )


_kernels: defaultdict[str, list[KernelDef]] = defaultdict(list)


def register_kernel(op_type: str, **constraint: str) -> Callable[[Function], Function]:
    """Decorate the NumPy function that computes ops of type `op_type`.

    It takes the input arrays by position and the attributes by name, and returns
    one array, or a list for an op with several outputs. Raises KeyError where the same
    constraint has a kernel already.
    """

    def register(function: Function) -> Function:
        if any(kernel.constraint == constraint for kernel in _kernels[op_type]):
            raise KeyError(
                f"expected one kernel of {op_type!r} for the constraint {constraint}, "
                "got a second one"
            )
        _kernels[op_type].append(KernelDef(function, constraint))
        return function

    return register


def registered_kernels(op_type: str) -> list[KernelDef]:
    """Return the kernels of an op type, in the order of registration."""
    return list(_kernels.get(op_type, ()))


def find_kernel(op_type: str, types: dict[str, Any]) -> Function:
    """Return the first kernel that computes with these dtypes.

    Raises LookupError where there is none, with a list of those that there are.

    >>> find_kernel("AddV2", {"T": np.dtype("float32")})
    <ufunc 'add'>
    """
    for kernel in _kernels.get(op_type, ()):
        if kernel.fits(types):
            return kernel.function
    wanted = ", ".join(f"{name}={dtype}" for name, dtype in types.items())
    known = [kernel.constraint for kernel in registered_kernels(op_type)] or "none"
    raise LookupError(
        f"expected a kernel of {op_type!r} for [{wanted}]; registered constraints: "
        f"{known}; microtf.register_kernel adds one"
    )
