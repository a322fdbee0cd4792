"""Looking glasses: what TensorFlow does while a program runs.

With `insidetf.opdefs` and `insidetf.conversion` this is the place of the book that
touches TensorFlow's private API, so that a new release can break three files. Each
glass names the place in TensorFlow that it looks into.
"""

from __future__ import annotations

import gc
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import tensorflow as tf
from tensorflow.python import pywrap_tfe
from tensorflow.python.eager import backprop, context, record
from tensorflow.python.framework import op_callbacks, ops

_EagerTensor = ops.EagerTensor
_WITHOUT_BYTES = (tf.resource, tf.variant, tf.string)


@dataclass(frozen=True)
class TensorInfo:
    """A tensor that was seen: its identity and its type, not its value."""

    id: int
    shape: tuple[int | None, ...] | None
    dtype: str

    @classmethod
    def of(cls, tensor: Any) -> TensorInfo:
        """Describe an eager or a symbolic tensor."""
        shape = None if tensor.shape.rank is None else tuple(tensor.shape.as_list())
        return cls(tensor._id, shape, tensor.dtype.name)


def tensor_id(value: Any) -> int:
    """Return the number by which tapes know a tensor, or a variable (its handle's).

    Works on anything with an `id` or a `handle`, such as the tensors of a miniature.
    """
    value = getattr(value, "handle", value)
    return value.id if hasattr(value, "id") else value._id


@dataclass(frozen=True)
class OpCall:
    """One op that TensorFlow ran, or put into a graph."""

    op_type: str
    inputs: tuple[TensorInfo, ...]
    outputs: tuple[TensorInfo, ...]
    in_graph: bool
    recorded: bool


class _Log(list):
    """A list of things that have an op type; it shows the types alone."""

    @property
    def types(self) -> list[str]:
        """The op types, in order."""
        return [call.op_type for call in self]

    def count(self, op_type: str) -> int:
        """Return how often this op type occurs."""
        return self.types.count(op_type)

    def __repr__(self) -> str:
        return textwrap.fill(" ".join(self.types), 80) or "nothing"


class OpLog(_Log):
    """The ops that ran inside `tap_ops`, in order: a list of `OpCall`."""

    @property
    def recorded(self) -> OpLog:
        """Those that an active tape put on record."""
        return OpLog(call for call in self if call.recorded)


@contextmanager
def tap_ops() -> Iterator[OpLog]:
    """Log every op that TensorFlow runs, or adds to a graph, in the block.

    A call of a compiled function is one op, with the function's generated name. One op
    escapes: a variable given to another op as it is may be read in C++ without notice.
    TensorFlow: `add_op_callback` in tensorflow/python/framework/op_callbacks.py;
    whether a tape takes an op down, the tapes themselves are asked
    (`should_record_backprop` in tensorflow/python/eager/record.py).

    >>> with tap_ops() as log:
    ...     total = tf.constant(1.0) + tf.constant(2.0)
    >>> log
    AddV2
    """
    log = OpLog()

    def callback(op_type, inputs, attrs, outputs, op_name=None, graph=None):
        log.append(
            OpCall(
                # The slow path of execution hands the type over as bytes.
                op_type.decode() if isinstance(op_type, bytes) else op_type,
                tuple(TensorInfo.of(tensor) for tensor in inputs),
                tuple(TensorInfo.of(tensor) for tensor in outputs or ()),
                in_graph=graph is not None,
                recorded=record.should_record_backprop(list(inputs)),
            )
        )

    op_callbacks.add_op_callback(callback)
    try:
        yield log
    finally:
        op_callbacks.remove_op_callback(callback)


@dataclass(frozen=True)
class GradientCall:
    """One call of a gradient function of the registry.

    `kept_inputs` and `kept_outputs` are what the tape had held for it, None in place of
    a tensor that it let go. `upstream` are the gradients that came in.
    """

    op_type: str
    kept_inputs: tuple[TensorInfo | None, ...]
    kept_outputs: tuple[TensorInfo | None, ...]
    upstream: tuple[TensorInfo | None, ...]
    skip_input_indices: tuple[int, ...]

    @property
    def keeps_inputs(self) -> bool:
        """Whether any input was held."""
        return any(tensor is not None for tensor in self.kept_inputs)

    @property
    def keeps_outputs(self) -> bool:
        """Whether any output was held."""
        return any(tensor is not None for tensor in self.kept_outputs)


class GradientLog(_Log):
    """The gradient functions that were called, in order: a list of `GradientCall`."""


@contextmanager
def gradient_calls() -> Iterator[GradientLog]:
    """Log every gradient function that tapes look up and call in the block.

    Records without an op (`record_operation`, `tf.custom_gradient`, compiled functions)
    bring a function of their own, pass by the registry, and are not seen here.
    TensorFlow: `_gradient_function` in tensorflow/python/eager/backprop.py, which the
    C++ tape calls.

    >>> x = tf.Variable(2.0)
    >>> with tf.GradientTape() as tape:
    ...     y = tf.sin(x)
    >>> with gradient_calls() as calls:
    ...     dy_dx = tape.gradient(y, x)
    >>> calls
    Sin ReadVariableOp
    """
    log = GradientLog()

    def logged(op_type, attrs, num_inputs, inputs, outputs, upstream, skip, scope):
        log.append(
            GradientCall(
                op_type.decode() if isinstance(op_type, bytes) else op_type,
                _describe(inputs),
                _describe(outputs),
                _describe(upstream),
                tuple(skip or ()),
            )
        )
        return backprop._gradient_function(
            op_type, attrs, num_inputs, inputs, outputs, upstream, skip, scope
        )

    pywrap_tfe.TFE_Py_RegisterGradientFunction(logged)
    try:
        yield log
    finally:
        pywrap_tfe.TFE_Py_RegisterGradientFunction(backprop._gradient_function)


def _describe(tensors: Sequence[Any] | None) -> tuple[TensorInfo | None, ...]:
    # A gradient may also be an IndexedSlices, which is no tensor but holds one.
    found = (getattr(tensor, "values", tensor) for tensor in tensors or ())
    return tuple(None if tensor is None else TensorInfo.of(tensor) for tensor in found)


def gradient_function(op_type: str) -> Callable[..., Any] | None:
    """Return the gradient function that TensorFlow has registered for an op type.

    None for an op declared to have none. Raises LookupError for an op type without an
    entry. TensorFlow: `gradient_registry` in tensorflow/python/framework/ops.py.

    >>> gradient_function("MatMul").__name__
    '_MatMulGrad'
    """
    return ops.gradient_registry.lookup(op_type)


def registered_gradients() -> list[str]:
    """Return the op types that have an entry in TensorFlow's gradient registry."""
    return sorted(ops.gradient_registry.list())


def record_operation(
    op_type: str,
    output_tensors: Sequence[tf.Tensor],
    input_tensors: Sequence[tf.Tensor],
    backward_function: Callable[..., Sequence[tf.Tensor | None]],
) -> None:
    """Put a record on every active tape that no op has made.

    TensorFlow: `record_operation` in tensorflow/python/eager/record.py.
    """
    record.record_operation(op_type, output_tensors, input_tensors, backward_function)


@contextmanager
def stop_recording() -> Iterator[None]:
    """Hide what runs in the block from all tapes of this thread.

    TensorFlow: `stop_recording` in tensorflow/python/eager/record.py.
    """
    with record.stop_recording():
        yield


def live_tensors() -> dict[int, TensorInfo]:
    """Return every eager tensor that a name, a container, or a tape still holds, by id.

    >>> before = live_tensors()
    >>> x = tf.zeros((4, 4))
    >>> [live_tensors()[i].shape for i in live_tensors().keys() - before.keys()]
    [(4, 4)]
    """
    return {tensor._id: TensorInfo.of(tensor) for tensor in _find_live_tensors()}


def live_bytes() -> int:
    """Return the bytes behind all live tensors, memory that several share counted once.

    Tensors share memory more often than one would think: what `tf.stop_gradient`,
    `tf.reshape`, or the reading of a variable returns is a second name for the same
    buffer. Scalars are left out.

    >>> before, x = live_bytes(), tf.zeros((16, 16))
    >>> same = tf.reshape(x, [-1])
    >>> live_bytes() - before
    1024
    """
    sizes: dict[int, int] = {}
    for tensor in _find_live_tensors():
        if tensor.dtype not in _WITHOUT_BYTES and tensor.shape.rank:
            array = tensor._numpy()  # a view, where the public `numpy` makes a copy
            sizes[array.__array_interface__["data"][0]] = array.nbytes
    return sum(sizes.values())


def _find_live_tensors() -> list[Any]:
    gc.collect()
    return [found for found in gc.get_objects() if type(found) is _EagerTensor]


@contextmanager
def expect_error(
    kind: type[Exception], words: str, *, brief: bool = False
) -> Iterator[None]:
    """Show the error that the block must raise; `brief` shows the line with `words`.

    Raises AssertionError when none is raised, or one whose text lacks `words`; an error
    of another kind passes through.

    >>> with expect_error(ZeroDivisionError, "by zero"):
    ...     1 / 0
    ZeroDivisionError: division by zero
    """
    try:
        yield
    except kind as error:
        message = f"{type(error).__name__}: {error}"
        if words not in message:
            raise AssertionError(f"expected {words!r} in: {message}") from error
        if brief:
            lines = (line.strip() for line in message.splitlines() if words in line)
            message = next(lines, message)
        print(textwrap.fill(message, 80))
    else:
        raise AssertionError(
            f"expected {kind.__name__} ({words!r}), nothing was raised"
        )


def collect_graphs(program: Callable[[], Any]) -> list[tuple[Any, Any]]:
    """Call `program` and return the `GraphDef`s that it compiles, before and after.

    There is a pair for each graph that Grappler has seen; a graph that had run before
    is not compiled again. Raises ValueError where none was.
    TensorFlow: `Context.enable_graph_collection` in tensorflow/python/eager/context.py.
    """
    ctx = context.context()
    ctx.enable_graph_collection()
    try:
        program()
        graphs = ctx.export_run_metadata().function_graphs
    finally:
        ctx.disable_graph_collection()
    if not graphs:
        raise ValueError("expected a tf.function that has not run before, got no graph")
    return [(g.pre_optimization_graph, g.post_optimization_graph) for g in graphs]


def compiled_ops(function: Any, *args: Any) -> tuple[Counter[str], Counter[str]]:
    """Run a `tf.function` and count the ops of its graph before and after Grappler.

    The function must not have run before: TensorFlow optimizes a graph once.
    """
    before, after = collect_graphs(lambda: function(*args))[0]
    return Counter(node.op for node in before.node), Counter(
        node.op for node in after.node
    )


def parse_object_graph(serialized: bytes) -> Any:
    """Return the graph of objects that a checkpoint keeps beside its values.

    TensorFlow: tensorflow/core/protobuf/trackable_object_graph.proto.
    """
    from tensorflow.core.protobuf import trackable_object_graph_pb2

    return trackable_object_graph_pb2.TrackableObjectGraph.FromString(serialized)


def parse_saved_model(serialized: bytes) -> Any:
    """Return the first graph of a SavedModel, with its functions and objects.

    TensorFlow: tensorflow/core/protobuf/saved_model.proto.
    """
    from tensorflow.core.protobuf import saved_model_pb2

    return saved_model_pb2.SavedModel.FromString(serialized).meta_graphs[0]
