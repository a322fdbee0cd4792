"""Pairs of functions: one that also returns what the way back needs, and the way back.

TensorFlow: `_TapeGradientFunctions` and `_DelayedRewriteGradientFunctions` in
tensorflow/python/eager/polymorphic_function/concrete_function.py.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Sequence

from microtf.auto_control_deps import is_stateful
from microtf.backprop import GradientTape
from microtf.func_graph import FuncGraph
from microtf.graph import Graph
from microtf.op import execute, graph_mode, register_kernel
from microtf.record import (
    no_tapes,
    record_gradient,
    record_operation,
    should_record_backprop,
    stop_recording,
)
from microtf.symbolic import Operation, SymbolicTensor
from microtf.tape import Gradient, is_trainable
from microtf.tensor import Tensor, convert_to_tensor

_CALLS = ("PartitionedCall", "StatefulPartitionedCall")


def call_graph(graph: Graph, inputs: Sequence[Tensor]) -> list[Tensor]:
    """Run a graph by one op, which is a node if another graph is being built.

    TensorFlow: `AtomicFunction.call_flat` and `partitioned_call_op`.
    """
    stateful = any(map(is_stateful, graph.ops))
    attrs = {
        "f": graph,
        "Tin": [tensor.dtype for tensor in inputs],
        "Tout": [tensor.dtype for tensor in graph.outputs],
    }
    return execute(_CALLS[stateful], inputs, attrs)


def _call(*inputs, f, **_):
    return f.run(inputs)


for _op_type in _CALLS:
    register_kernel(_op_type)(_call)


class ForwardBackward:
    """A graph with more outputs, and the graph that computes its gradients.

    `higher_order` has the additional outputs differentiated, too, for tapes that will
    ask for the gradient of the gradient.
    """

    def __init__(self, graph: FuncGraph, higher_order: bool):
        self.num_outputs = len(graph.outputs)
        outputs = list(graph.outputs)
        while True:
            self.backward = _backward_graph(graph, outputs)
            needed = self.backward.captured_inputs
            known = {tensor.id for tensor in outputs}
            added = [tensor for tensor in needed if tensor.id not in known]
            if not added or not higher_order:
                break
            outputs += added
        self.seeded = outputs
        self.forward = copy.copy(graph)
        self.forward.outputs = [*outputs, *added]

    def call(self, inputs: Sequence[Tensor]) -> list[Tensor]:
        """Run the forward function, and put one record on the tapes for the call."""
        with stop_recording():
            results = call_graph(self.forward, inputs)
        seeded = results[: len(self.seeded)]

        def backward_function(*upstream: Gradient) -> list[Gradient]:
            return self.call_backward(upstream, results)

        record_operation(self.forward.name, seeded, inputs, backward_function)
        return results[: self.num_outputs]

    def call_backward(
        self, upstream: Sequence[Gradient], results: Sequence[Tensor]
    ) -> list[Gradient]:
        """Run the backward function on the gradients of the results."""
        made = {
            inside.id: tensor
            for inside, tensor in zip(self.forward.outputs, results, strict=True)
        }
        pairs = zip(upstream, self.seeded, strict=True)
        seeds = [gradient for gradient, tensor in pairs if is_trainable(tensor.dtype)]
        inputs = [*seeds, *(made[t.id] for t in self.backward.captured_inputs)]
        gradients = iter(_differentiable_call(self.backward, inputs))
        reached = self.backward.structured_outputs
        return [next(gradients) if tensor is not None else None for tensor in reached]


def _differentiable_call(graph: FuncGraph, inputs: Sequence[Tensor]) -> list[Tensor]:
    tapes = should_record_backprop(inputs)
    if tapes == 0:
        return call_graph(graph, inputs)
    return ForwardBackward(graph, higher_order=tapes > 1).call(inputs)


def _backward_graph(graph: FuncGraph, targets: Sequence[SymbolicTensor]) -> FuncGraph:
    """Build the graph of the gradients of `targets` with respect to the inputs.

    Its arguments are the upstream gradients; what it needs from `graph` it captures.
    """
    targets = [tensor for tensor in targets if is_trainable(tensor.dtype)]
    backward = FuncGraph(f"backward_{graph.name}", outer_graph=graph)
    with graph_mode(backward), no_tapes():
        seeds = [backward.placeholder(tensor.spec) for tensor in targets]
        with GradientTape() as tape:
            tape.watch(graph.inputs)
            for op in graph.ops:  # a graph is a record already
                _record_node(op)
                if op in graph.custom_records:  # comes later, so a tape asks it first
                    record_operation(*graph.custom_records[op])
        gradients = tape.gradient(targets, graph.inputs, seeds)
    backward.structured_outputs = [
        None if g is None else backward.capture(convert_to_tensor(g)) for g in gradients
    ]
    backward.outputs = [t for t in backward.structured_outputs if t is not None]
    return backward


def _record_node(op: Operation) -> None:
    if op.type in _CALLS:
        backward = functools.partial(_call_gradient, op)
        outputs = list(op.outputs)  # there may be more of them later
        record_operation(op.type, outputs, op.inputs, backward)
    else:
        record_gradient(op.type, op.inputs, op.attrs, op.outputs)


def _call_gradient(node: Operation, *upstream: Gradient) -> list[Gradient]:
    """Have the node of a call return more, and call its backward function.

    TensorFlow: `_rewrite_forward_and_call_backward`.
    """
    if not hasattr(node.attrs["f"], "pair"):
        pair = ForwardBackward(node.attrs["f"], higher_order=False)
        pair.forward.pair = pair
        outputs = pair.forward.outputs
        node.attrs |= {"f": pair.forward, "Tout": [t.dtype for t in outputs]}
        for tensor in outputs[len(node.outputs) :]:
            node.outputs.append(SymbolicTensor(node, len(node.outputs), tensor.spec))
    pair = node.attrs["f"].pair
    return pair.call_backward(upstream[: pair.num_outputs], node.outputs)
