"""The gradient of `While`: as many rounds backwards, over lists that the rounds left.

TensorFlow: `_WhileGrad` in tensorflow/python/ops/while_v2.py, and the kernels of
`TensorListPushBack` and its kin in tensorflow/core/kernels/list_kernels.cc (C++).
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

import numpy as np

from microtf.control_flow import while_loop
from microtf.func_graph import FuncGraph
from microtf.gradient_functions import ForwardBackward
from microtf.math_grad import as_ints
from microtf.math_ops import greater_equal
from microtf.op import graph_mode, op, register_kernel
from microtf.op_def import register_op
from microtf.record import should_record_backprop
from microtf.registry import RecordedOp, register_gradient
from microtf.spec import Shape, TensorSpec
from microtf.symbolic import Operation, SymbolicTensor
from microtf.tape import Gradient, is_trainable
from microtf.tensor import Tensor, constant

_LIST = TensorSpec((), object)  # TensorFlow has the dtype `variant` for it

register_op(
    "EmptyTensorList",
    "element_shape: shape_type, max_num_elements: int32 -> handle: variant",
    lambda shapes, attrs, values: [()],
)
register_op(
    "TensorListPushBack",
    "input_handle: variant, tensor: element_dtype -> output_handle: variant",
    lambda shapes, attrs, values: [()],
)
register_op(
    "TensorListGetItem",
    "input_handle: variant, index: int32, element_shape: Tshape -> item: element_dtype",
    lambda shapes, attrs, values: [_known_shape(values[2])],
)


def _known_shape(element_shape: np.ndarray | None) -> Shape:
    if element_shape is None or element_shape.ndim == 0:
        return None
    return tuple(None if n < 0 else int(n) for n in element_shape)


def _as_element_shape(shape: Shape) -> np.ndarray:
    """Return a shape as the ops on lists want it: -1 for what is not known."""
    return np.int32(-1) if shape is None else as_ints(shape)


@register_kernel("EmptyTensorList")
def _empty_tensor_list(element_shape, max_num_elements, *, element_dtype):
    return _boxed(())


@register_kernel("TensorListPushBack")
def _push_back(handle, tensor):
    return _boxed((*handle.item(), tensor))


@register_kernel("TensorListGetItem")
def _get_item(handle, index, element_shape, *, element_dtype):
    return handle.item()[int(index)]


def _boxed(items: tuple[np.ndarray, ...]) -> np.ndarray:
    box = np.empty((), object)
    box[()] = items  # one object, where `np.array` would look inside
    return box


@register_gradient("StatelessWhile")
def _while_grad(forward: RecordedOp, *upstream: Gradient) -> list[Gradient]:
    node = forward.outputs[0].op
    if should_record_backprop(node.inputs):
        raise NotImplementedError(
            "expected one tape around a loop in a graph, got one around another: the "
            "lists that a loop leaves for its gradient have no gradient themselves"
        )
    pair, own = _leave_lists(node)
    reached = pair.backward.structured_outputs
    varying = [i for i in range(own) if is_trainable(node.inputs[i].dtype)]
    fixed = [i for i in range(own, len(reached)) if reached[i] is not None]

    def back(number: Tensor, *state: Tensor) -> list[Tensor]:
        found = _one_round_back(node, number, dict(zip(varying, state, strict=False)))
        new = [_or_zeros(found[i], node.inputs[i]) for i in varying]
        sums = zip(state[len(varying) :], fixed, strict=True)
        return [number - 1, *new, *(total + found[i] for total, i in sums)]

    start = [_or_zeros(upstream[i], node.outputs[i]) for i in varying]
    start += [constant(np.zeros(reached[i].shape, reached[i].dtype)) for i in fixed]
    last = node.outputs[0] - 1  # the first loop variable has counted the rounds
    _, *results = while_loop(lambda k, *_: greater_equal(k, 0), back, [last, *start])
    gradients = dict(zip([*varying, *fixed], results, strict=True))
    return [gradients.get(i) for i in range(len(upstream))]  # as many as it had inputs


def _one_round_back(
    node: Operation, number: Tensor, seeds: dict[int, Tensor]
) -> Sequence[Gradient]:
    """Call the backward function of one round, on what the round left in the lists."""
    pair, own = node.attrs["body"].round
    kept = pair.forward.outputs[own:]
    lists = node.outputs[len(node.outputs) - len(kept) :]
    items = [
        op(
            "TensorListGetItem",
            handle,
            number,
            _as_element_shape(tensor.shape),
            element_dtype=tensor.dtype,
        )
        for handle, tensor in zip(lists, kept, strict=True)
    ]
    results = [None] * own + items  # no gradient function reads the others
    return pair.call_backward([seeds.get(i) for i in range(own)], results)


register_gradient("While")(_while_grad)


def _or_zeros(gradient: Gradient, tensor: Tensor) -> Gradient:
    return op("ZerosLike", tensor) if gradient is None else gradient


def _leave_lists(node: Operation) -> tuple[ForwardBackward, int]:
    """Have each round push what its way back needs; done once for a loop.

    Returns the pair of functions for one round, and the number of loop variables.
    """
    body = node.attrs["body"]
    if hasattr(body, "round"):
        return body.round
    own = len(body.inputs) - len(body.captures)
    one_round = copy.copy(body)
    one_round.outputs = body.outputs[:own]
    pair = ForwardBackward(one_round, higher_order=False)
    kept = pair.forward.outputs[own:]
    step, handles = _with_lists(body, len(kept))
    with graph_mode(body):
        pairs = zip(handles, kept, strict=True)
        step.outputs = [*body.outputs, *(op("TensorListPushBack", *p) for p in pairs)]
    step.round = pair, own
    test, _ = _with_lists(node.attrs["cond"], len(kept))
    _extend(node, test, step, kept)
    return step.round


def _with_lists(
    graph: FuncGraph, count: int
) -> tuple[FuncGraph, Sequence[SymbolicTensor]]:
    attrs = {"shape": _LIST.shape, "dtype": _LIST.dtype, "known": None}
    lists = [graph.create_op("Placeholder", [], attrs)[0] for _ in range(count)]
    longer = copy.copy(graph)
    longer.inputs = [*graph.inputs, *lists]
    return longer, lists


def _extend(
    node: Operation, test: FuncGraph, step: FuncGraph, kept: Sequence[Tensor]
) -> None:
    """Start the loop with an empty list for each tensor that a round pushes."""
    ops = node.graph.ops
    before = len(ops)
    with graph_mode(node.graph):
        for tensor in kept:
            shape = _as_element_shape(tensor.shape)
            attrs = {"element_dtype": tensor.dtype}
            node.inputs.append(op("EmptyTensorList", shape, np.int32(-1), **attrs))
            node.outputs.append(SymbolicTensor(node, len(node.outputs), _LIST))
    place, new = ops.index(node), ops[before:]
    ops[place:] = [*new, *ops[place:before]]  # what a node reads stands before it
    types = [tensor.dtype for tensor in node.inputs]
    node.attrs |= {"cond": test, "body": step, "Tin": types, "Tout": types}
