"""`function`: a Python function as a family of graphs, traced when they are needed.

TensorFlow: `Function` in
tensorflow/python/eager/polymorphic_function/polymorphic_function.py, tracing in
tracing_compilation.py beside it.
"""

from __future__ import annotations

import functools
import inspect
import weakref
from collections.abc import Callable, Sequence
from typing import Any

from microtf.autograph import tf_convert
from microtf.concrete_function import ConcreteFunction
from microtf.executor import run_graph
from microtf.func_graph import func_graph_from_py_func
from microtf.function_cache import FunctionCache
from microtf.function_type import FunctionType
from microtf.op import graph_mode
from microtf.spec import TensorSpec
from microtf.tensor import Tensor


class Function:
    """A Python function that is traced once for each type of its arguments.

    >>> from microtf import constant
    >>> square = Function(lambda x: x * x)
    >>> square(constant(3.0)), square(constant(4.0)).numpy()
    (<Tensor: shape=(), dtype=float32, numpy=9.0>, array(16., dtype=float32))
    >>> square.experimental_get_tracing_count()
    1
    """

    def __init__(
        self,
        python_function: Callable[..., Any],
        input_signature: Sequence[TensorSpec] | None = None,
        reduce_retracing: bool = False,
        autograph: bool = True,
    ):
        self.python_function = python_function
        self._to_trace = tf_convert(python_function) if autograph else python_function
        self.input_signature = input_signature
        self._reduce_retracing = reduce_retracing
        self._with_variables = FunctionCache()  # traces that may create variables
        self._cache = FunctionCache()
        self._created: list[tuple[Any, Tensor]] | None = None
        self._methods: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()
        functools.update_wrapper(self, python_function)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Trace if no trace fits these arguments, and run the graph on them."""
        concrete = self.get_concrete_function(*args, **kwargs)
        return concrete(*args, **kwargs)

    def get_concrete_function(self, *args: Any, **kwargs: Any) -> ConcreteFunction:
        """Return the trace for these arguments; specs may stand for tensors."""
        if self.input_signature and not args and not kwargs:
            args = tuple(self.input_signature)
        request = FunctionType.of(
            self.python_function, args, kwargs, self.input_signature
        )
        if self._created is None:
            self._initialize(request)
        if not self._created:
            return self._trace(request, self._with_variables, self._note_variable)
        return self._trace(request, self._cache, _refuse_variable)

    def _initialize(self, request: FunctionType) -> None:
        """Trace for the first time, and give the variables made in it their values."""
        self._created = []
        self._trace(request, self._with_variables, self._note_variable)
        for variable, initial_value in self._created:
            _lift(variable, initial_value)

    def _trace(
        self,
        request: FunctionType,
        cache: FunctionCache,
        variable_creator: Callable[[Any, Tensor], None],
    ) -> ConcreteFunction:
        """Find the trace for a call, or make one."""
        found = cache.lookup(request)
        if found is not None:
            return found
        generalize = self._reduce_retracing and self.input_signature is None
        target = cache.generalize(request) if generalize else request
        name, function = self.__name__, self._to_trace
        graph = func_graph_from_py_func(name, function, target, variable_creator)
        cache.add(target, ConcreteFunction(graph, target))
        return cache.lookup(target)

    def _note_variable(self, variable: Any, initial_value: Tensor) -> None:
        if len(self._with_variables):
            _refuse_variable(variable, initial_value)
        self._created.append((variable, initial_value))

    def experimental_get_tracing_count(self) -> int:
        """Return how often the Python function was traced."""
        return len(self._with_variables) + len(self._cache)

    def __get__(self, instance: Any, owner: type) -> Function:
        """Return a function of its own for each instance, with its own traces."""
        if instance is None:
            return self
        if instance not in self._methods:
            alive = weakref.ref(instance)  # a trace must not keep the instance alive

            def method(*args: Any, **kwargs: Any) -> Any:
                return self._to_trace(alive(), *args, **kwargs)

            bound = self.python_function.__get__(instance)
            method.__signature__ = inspect.signature(bound)
            method.__name__ = self.__name__
            self._methods[instance] = Function(
                method, self.input_signature, self._reduce_retracing, autograph=False
            )
        return self._methods[instance]


def _refuse_variable(variable: Any, initial_value: Tensor) -> None:
    raise ValueError(
        "function only supports variables that are created on its first call, once: "
        "expected no new one here; make it outside, or keep it and make it only if it "
        "is not there"
    )


def _lift(variable: Any, initial_value: Tensor) -> None:
    """Compute a variable's first value, outside of the function that makes it.

    TensorFlow: `lift_to_graph` in tensorflow/python/eager/lift_to_graph.py.
    """
    graph = initial_value.op.graph
    known = {inside.id: tensor.numpy() for tensor, inside in graph.captures}
    try:
        (value,) = run_graph(graph, known, [initial_value])
    except ValueError as error:
        raise ValueError(
            f"expected a first value of {variable.shape} that does not depend on the "
            "arguments of the function; make the variable outside"
        ) from error
    with graph_mode(None):
        variable.assign(value)


def function(
    func: Callable[..., Any] | None = None,
    input_signature: Sequence[TensorSpec] | None = None,
    reduce_retracing: bool = False,
    autograph: bool = True,
) -> Any:
    """Decorate a Python function to be traced, with options or without.

    Without `autograph` its control flow stays Python's.

    >>> @function(reduce_retracing=True)
    ... def double(x):
    ...     return x + x
    >>> double(1).numpy()
    array(2, dtype=int32)
    """
    options = {
        "input_signature": input_signature,
        "reduce_retracing": reduce_retracing,
        "autograph": autograph,
    }
    if func is None:
        return functools.partial(Function, **options)
    return Function(func, **options)
