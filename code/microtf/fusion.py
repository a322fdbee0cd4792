"""Fusion: several ops become one, whose intermediate results need no place in memory.

TensorFlow: tensorflow/core/grappler/optimizers/remapper.cc (C++) for patterns that a
kernel was written for; XLA's `InstructionFusion` (xla/service/instruction_fusion.cc)
for any, where the kernel is written by the compiler.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from microtf.graph import Graph
from microtf.op import register_kernel, run_kernel
from microtf.op_def import register_op
from microtf.rewriting import Rewriter, count_uses, rebuild
from microtf.shapes import broadcast, matmul
from microtf.spec import TensorSpec
from microtf.symbolic import Operation, SymbolicTensor

_UNARY = {"Abs", "Cos", "Exp", "Log", "Log1p", "Neg", "Relu", "Rsqrt", "Sigmoid"}
_UNARY |= {"Sin", "Sqrt", "Square", "Tanh"}
_BINARY = {"AddV2", "Maximum", "Minimum", "Mul", "Pow", "RealDiv", "Sub"}
_ELEMENTWISE = _UNARY | _BINARY
_BLOCK = 16384  # elements at a time: what fits into a fast cache
_product = matmul("transpose_a", "transpose_b")

register_op(
    "_FusedMatMul",
    "a: T, b: T, args: num_args * T -> product: T",
    lambda shapes, attrs, values: _product(shapes[:2], attrs, values[:2]),
    T="fc",
)
register_op("_Fusion", "args: N * T -> output: T", broadcast, T="fc")


def remap(graph: Graph) -> Graph:
    """Put `_FusedMatMul` in place of a product, a bias, and an activation.

    The product must have no other reader, or it would be computed twice.
    """
    uses = count_uses(graph)

    def rule(
        new: Graph, op: Operation, inputs: list[SymbolicTensor]
    ) -> list[SymbolicTensor] | None:
        before = inputs[0].op if inputs and uses[op.inputs[0].id] == 1 else None
        if before is None or before.control_inputs:
            return None
        if (op.type, before.type) == ("BiasAdd", "MatMul"):
            attrs = {**before.attrs, "num_args": 1, "fused_ops": ["BiasAdd"]}
            return new.create_op("_FusedMatMul", [*before.inputs, inputs[1]], attrs)
        if (op.type, before.type) == ("Relu", "_FusedMatMul"):
            attrs = {**before.attrs, "fused_ops": ["BiasAdd", "Relu"]}
            return new.create_op("_FusedMatMul", before.inputs, attrs)
        return None

    return rebuild(graph, rule)


@register_kernel("_FusedMatMul")
def _fused_matmul(a, b, bias, *, fused_ops, transpose_a=False, transpose_b=False, **_):
    product = (a.T if transpose_a else a) @ (b.T if transpose_b else b)
    product += bias  # in place: nobody else holds the product
    return np.maximum(product, 0, out=product) if "Relu" in fused_ops else product


def fuse(graph: Graph) -> Graph:
    """Put each group of elementwise ops into one `_Fusion`.

    An op joins its readers if they are all in one group, so that a result is never
    computed twice and never leaves the group unless it is the last one.
    """
    roots = find_groups(graph)
    members: dict[Operation, list[Operation]] = {}
    for op in graph.ops:
        if op in roots:
            members.setdefault(roots[op], []).append(op)
    rewriter = Rewriter(graph)
    for op in graph.ops:
        group = members.get(roots.get(op), [op])
        if len(group) == 1:
            rewriter.copy(op)
        elif op is roots[op]:
            _add_fusion(rewriter, group)
    return rewriter.finish()


def find_groups(graph: Graph) -> dict[Operation, Operation]:
    """Map each elementwise op to the last op of its group."""
    uses = count_uses(graph)
    roots: dict[Operation, Operation] = {}
    for op in reversed(graph.ops):
        if op.type not in _ELEMENTWISE or op.control_inputs:
            continue
        readers = [other for other in graph.ops if op.outputs[0] in other.inputs]
        groups = {roots.get(reader) for reader in readers}
        inside = sum(reader.inputs.count(op.outputs[0]) for reader in readers)
        joins = len(groups) == 1 and inside == uses[op.outputs[0].id]
        root = groups.pop() if joins else None
        same = root is not None and root.outputs[0].spec == op.outputs[0].spec
        roots[op] = root if same else op
    return roots


def _add_fusion(rewriter: Rewriter, group: Sequence[Operation]) -> None:
    made = {op.outputs[0].id for op in group}
    read = {t.id: t for op in group for t in op.inputs if t.id not in made}
    body = Graph("fused_computation")
    inside = {
        t.id: body.placeholder(TensorSpec(t.shape, t.dtype)) for t in read.values()
    }
    for op in group:
        inputs = [inside[tensor.id] for tensor in op.inputs]
        inside[op.outputs[0].id] = body.create_op(op.type, inputs, op.attrs, op.name)[0]
    root = group[-1].outputs[0]
    body.outputs = [inside[root.id]]
    inputs = [rewriter.tensors[id_] for id_ in read]
    attrs = {"f": body, "N": len(inputs)}
    rewriter.replace(group[-1], rewriter.new.create_op("_Fusion", inputs, attrs))


@register_kernel("_Fusion")
def _fusion(*inputs, f, **_):
    """Run all ops on one block of elements, and then all of them on the next."""
    shape = np.broadcast_shapes(*(x.shape for x in inputs))
    output = np.empty(shape, f.outputs[0].dtype)
    whole = [x.shape == shape for x in inputs]
    if not all(w or x.size == 1 for w, x in zip(whole, inputs, strict=True)):
        inputs, whole = [np.broadcast_to(x, shape) for x in inputs], [True] * len(whole)
    flat = [x.reshape(-1) if w else x for w, x in zip(whole, inputs, strict=True)]
    target = output.reshape(-1)
    for start in range(0, target.size, _BLOCK):
        block = slice(start, start + _BLOCK)
        values = [x[block] if w else x for w, x in zip(whole, flat, strict=True)]
        known = {t.id: v for t, v in zip(f.inputs, values, strict=True)}
        for op in f.ops:
            if op.type != "Placeholder":
                arrays = [known[tensor.id] for tensor in op.inputs]
                known[op.outputs[0].id] = run_kernel(op.type, arrays, op.attrs)[0]
        target[block] = known[f.outputs[0].id]
    return output
