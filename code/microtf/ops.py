"""The ops of the miniature: a definition for each type.

TensorFlow: tensorflow/core/ops/math_ops.cc, array_ops.cc, and their neighbors (C++).
Names, inputs, and attributes are TensorFlow's; the lists of allowed dtypes are shorter.
"""

from __future__ import annotations

from microtf import array_shapes as arrays
from microtf import shapes
from microtf.op_def import ShapeFunction, register_op

FLOATS, NUMBERS = "fc", "fciu"  # NumPy's letters for the kinds of a dtype


def _define(
    op_types: str, signature: str, shape_function: ShapeFunction, **allowed: str
) -> None:
    for op_type in op_types.split():
        register_op(op_type, signature, shape_function, **allowed)


_define(
    "Ceil Cos Cosh Exp Expm1 Floor Log Log1p Rsqrt Sigmoid Sin Sinh Sqrt Tanh",
    "x: T -> y: T",
    shapes.unchanged,
    T=FLOATS,
)
_define(
    "Abs Neg Reciprocal Round Sign Square",
    "x: T -> y: T",
    shapes.unchanged,
    T=NUMBERS,
)
_define("OnesLike ZerosLike", "x: T -> y: T", shapes.unchanged)
_define("Identity StopGradient", "input: T -> output: T", shapes.unchanged)
_define("Relu", "features: T -> activations: T", shapes.unchanged, T=NUMBERS)
_define("Softplus", "features: T -> activations: T", shapes.unchanged, T=FLOATS)
_define("Softmax", "logits: T -> softmax: T", shapes.unchanged, T=FLOATS)
_define("LogSoftmax", "logits: T -> logsoftmax: T", shapes.unchanged, T=FLOATS)
_define(
    "AddV2 Maximum Minimum Mul Pow RealDiv SquaredDifference Sub",
    "x: T, y: T -> z: T",
    shapes.broadcast,
    T=NUMBERS,
)
_define(
    "Greater GreaterEqual Less LessEqual",
    "x: T, y: T -> z: bool",
    shapes.broadcast,
    T=NUMBERS,
)
_define(
    "Max Mean Min Sum",
    "input: T, reduction_indices: Tidx -> output: T",
    shapes.reduction,
    T=NUMBERS,
)
_define(
    "MatMul",
    "a: T, b: T -> product: T",
    shapes.matmul("transpose_a", "transpose_b"),
    T=NUMBERS,
)
_define(
    "BatchMatMulV2",
    "x: T, y: T -> output: T",
    shapes.matmul("adj_x", "adj_y"),
    T=NUMBERS,
)

register_op("AddN", "inputs: N * T -> sum: T", shapes.merged, T=NUMBERS)
register_op("BiasAdd", "value: T, bias: T -> output: T", shapes.unchanged, T=NUMBERS)
register_op("Cast", "x: SrcT -> y: DstT", shapes.unchanged)
register_op("Equal", "x: T, y: T -> z: bool", shapes.broadcast)
register_op("LogicalAnd", "x: bool, y: bool -> z: bool", shapes.broadcast)
register_op("LogicalNot", "x: bool -> y: bool", shapes.unchanged)
register_op("LogicalOr", "x: bool, y: bool -> z: bool", shapes.broadcast)
register_op("SelectV2", "condition: bool, t: T, e: T -> output: T", shapes.broadcast)

register_op("BroadcastTo", "input: T, shape: Tidx -> output: T", arrays.broadcast_to)
register_op("ConcatV2", "values: N * T, axis: Tidx -> output: T", arrays.concat)
register_op("ExpandDims", "input: T, dim: Tdim -> output: T", arrays.expand_dims)
register_op(
    "GatherV2",
    "params: Tparams, indices: Tindices, axis: Taxis -> output: Tparams",
    arrays.gather,
)
register_op("Pack", "values: N * T -> output: T", arrays.pack)
register_op("Pad", "input: T, paddings: Tpaddings -> output: T", arrays.pad)
register_op("Reshape", "tensor: T, shape: Tshape -> output: T", arrays.reshape)
register_op("Slice", "input: T, begin: Index, size: Index -> output: T", arrays.slice_)
register_op("Squeeze", "input: T -> output: T", arrays.squeeze)
register_op("Tile", "input: T, multiples: Tmultiples -> output: T", arrays.tile)
register_op("Transpose", "x: T, perm: Tperm -> y: T", arrays.transpose)
register_op("Unpack", "value: T -> output: num * T", arrays.unpack)
register_op(
    "UnsortedSegmentSum",
    "data: T, segment_ids: Tindices, num_segments: Tnumsegments -> output: T",
    arrays.segments,
    T=NUMBERS,
)

register_op("Const", "-> output: dtype", shapes.from_attr)
register_op("Placeholder", "-> output: dtype", shapes.from_attr)
register_op("NoOp", "->", shapes.nothing)
register_op(
    "ReadVariableOp",
    "resource: resource -> value: dtype",
    shapes.read_variable,
    is_stateful=True,
)
for _op_type in ["AssignAddVariableOp", "AssignSubVariableOp", "AssignVariableOp"]:
    register_op(
        _op_type,
        "resource: resource, value: dtype ->",
        shapes.nothing,
        is_stateful=True,
    )
for _op_type in ["PartitionedCall", "StatefulPartitionedCall"]:
    register_op(
        _op_type,
        "args: list(Tin) -> output: list(Tout)",
        shapes.called,
        is_stateful=_op_type.startswith("Stateful"),
    )
for _prefix in ["", "Stateless"]:
    register_op(
        _prefix + "If",
        "cond: bool, input: list(Tin) -> output: list(Tout)",
        shapes.of_branches,
        is_stateful=not _prefix,
    )
    register_op(
        _prefix + "While",
        "input: list(Tin) -> output: list(Tout)",
        shapes.unchanged_list,
        is_stateful=not _prefix,
    )
