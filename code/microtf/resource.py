"""Resources: what lies behind a handle, and who may write to its memory.

TensorFlow: `Var` in tensorflow/core/framework/resource_var.h and
`PrepareToUpdateVariable` in tensorflow/core/kernels/training_op_helpers.h for the cell,
`ResourceMgr` in tensorflow/core/framework/resource_mgr.h for the table (C++).
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable

import numpy as np

from microtf.spec import TensorSpec

_numbers = itertools.count()
_table: dict[str, Var] = {}  # the resources that have a name of their own

Ufunc = Callable[..., np.ndarray]


class Var:
    """A cell whose buffer is shared with whoever read it, until it is written.

    A reader receives the buffer itself. A write goes into the buffer when nobody else
    holds it, and into a new one when somebody does. `copy_on_read` turns that around
    for good: who wants one row may not have to copy all, so from the first access by
    rows on it is the reader of the whole who receives a copy.

    >>> var = Var(TensorSpec([2]), np.float32([1, 2]))
    >>> reader = var.read()
    >>> var.update(np.add, np.float32([1, 1]))
    >>> reader, var.read()
    (array([1., 2.], dtype=float32), array([2., 3.], dtype=float32))
    """

    __slots__ = ("__weakref__", "_buffer", "copy_on_read", "spec")

    def __init__(self, spec: TensorSpec, value: np.ndarray | None = None):
        self.spec = spec
        self.copy_on_read = False
        self._buffer: np.ndarray | None = None
        if value is not None:
            self.assign(value)

    @property
    def is_initialized(self) -> bool:
        """Whether a value was ever assigned."""
        return self._buffer is not None

    @property
    def has_readers(self) -> bool:
        """Whether anybody but this cell holds the buffer."""
        # A view refers to the array that owns the memory, so one count tells of both.
        # Two references are ours: the attribute, and the argument of the call.
        return sys.getrefcount(self._buffer) > 2

    def read(self) -> np.ndarray:
        """Return the value: the buffer itself, or a copy of it after access by rows."""
        if self._buffer is None:
            raise RuntimeError(
                f"expected a variable with a value, got none yet ({self.spec})"
            )
        return self._buffer.copy() if self.copy_on_read else self._buffer.view()

    def assign(self, value: np.ndarray) -> None:
        """Take over `value` as the buffer, memory and all."""
        if not self.spec.is_compatible_with(TensorSpec.of(value)):
            raise ValueError(f"expected shape {self.spec.shape}, got {value.shape}")
        # A view's memory belongs to another array, whose readers we could not count.
        owns_memory = value.base is None and not self.copy_on_read
        self._buffer = value if owns_memory else value.copy()

    def update(self, ufunc: Ufunc, delta: np.ndarray) -> None:
        """Write `ufunc(value, delta)`, in place if nobody would see it happen."""
        spec = TensorSpec.of(delta)
        if spec.shape != self._buffer.shape:
            raise ValueError(f"expected shape {self._buffer.shape}, got {spec.shape}")
        if self.has_readers or self.copy_on_read:
            # Of arrays without axes, NumPy makes numbers, which nobody can write to.
            self._buffer = np.asarray(ufunc(self._buffer, delta))
        else:
            ufunc(self._buffer, delta, out=self._buffer)

    def ensure_sparse_access(self) -> None:
        """Make sure that nobody else holds the buffer, now and from now on."""
        if self.has_readers and not self.copy_on_read:
            self._buffer = self._buffer.copy()
        self.copy_on_read = True

    def scatter(self, rows: np.ndarray, values: np.ndarray) -> None:
        """Write some rows where they are."""
        self.ensure_sparse_access()
        self._buffer[rows] = values

    def gather(self, rows: np.ndarray) -> np.ndarray:
        """Return copies of some rows; the others are not touched."""
        self.ensure_sparse_access()
        return self._buffer[rows]


class ResourceHandle:
    """What a handle's tensor holds: a name, and where to find what is behind it.

    A handle without a name of its own keeps its resource alive; when the last copy of
    the handle goes, so does the resource. A named one only knows where to look.
    TensorFlow: `ResourceHandle` in tensorflow/core/framework/resource_handle.h.
    """

    def __init__(self, spec: TensorSpec, shared_name: str | None = None):
        self.name = shared_name or f"Variable/{next(_numbers)}"
        self._anonymous = None if shared_name else Var(spec)
        if shared_name:
            _table.setdefault(shared_name, Var(spec))

    @property
    def resource(self) -> Var:
        """What is behind the handle; LookupError once it was destroyed."""
        found = self._anonymous or _table.get(self.name)
        if found is None:
            raise LookupError(f"could not find resource {self.name!r}: it was deleted")
        return found

    def __repr__(self) -> str:
        return f"<ResourceHandle {self.name!r}: {self.resource.spec}>"


def destroy(handle: ResourceHandle) -> None:
    """Remove a named resource from the table; TensorFlow: `DestroyResourceOp`.

    An anonymous one is not in the table and lives on, as long as its handle does.
    """
    _table.pop(handle.name, None)
