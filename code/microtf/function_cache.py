"""The traces of a function, and which of them serves a call.

TensorFlow: `FunctionCache` in tensorflow/core/function/polymorphism/function_cache.py,
`TypeDispatchTable` in type_dispatch.py beside it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from microtf.function_type import FunctionType

_MAX_DISPATCH_CACHE = 1024  # TensorFlow's


class FunctionCache:
    """Concrete functions by the type that they were traced for."""

    def __init__(self) -> None:
        self._traces: dict[FunctionType, Any] = {}
        self._dispatched: OrderedDict[FunctionType, FunctionType] = OrderedDict()

    def lookup(self, request: FunctionType) -> Any:
        """Return the trace for a call of this type, None if there has to be a new one.

        It is the one for the type itself, or for the narrowest type above it, or the
        oldest of several such.
        """
        if request in self._traces:
            return self._traces[request]
        if request in self._dispatched:
            self._dispatched.move_to_end(request)
            return self._traces[self._dispatched[request]]
        found = None
        for target in self._traces:
            if request.is_subtype_of(target) and (
                found is None or target.is_subtype_of(found)
            ):
                found = target
        if found is None:
            return None
        self._remember(request, found)
        return self._traces[found]

    def _remember(self, request: FunctionType, target: FunctionType) -> None:
        self._dispatched[request] = target
        if len(self._dispatched) > _MAX_DISPATCH_CACHE:
            self._dispatched.popitem(last=False)

    def add(self, target: FunctionType, function: Any) -> None:
        """Keep a trace, which may serve some calls better than the one that did."""
        self._traces[target] = function
        for request, served in self._dispatched.items():
            if request.is_subtype_of(target) and target.is_subtype_of(served):
                self._dispatched[request] = target

    def generalize(self, request: FunctionType) -> FunctionType:
        """Return the narrowest type above `request` and all traced types.

        Types that have no common supertype with it are left out.
        """
        relaxed = request
        for other in self._traces:
            relaxed = relaxed.most_specific_common_supertype([other]) or relaxed
        return relaxed

    def values(self) -> Iterable[Any]:
        """Return the traces, the oldest first."""
        return self._traces.values()

    def __len__(self) -> int:
        return len(self._traces)
