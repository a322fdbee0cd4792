"""What stands for what in the slips of `operators`: functions, signs, types."""

import ast
from collections.abc import Mapping

CALLS = {
    "reduce_sum": ("reduce_mean", "reduce_max"),
    "reduce_mean": ("reduce_sum", "reduce_max"),
    "reduce_max": ("reduce_min", "reduce_sum"),
    "reduce_min": ("reduce_max", "reduce_sum"),
    "reduce_prod": ("reduce_sum",),
    "reduce_any": ("reduce_all",),
    "reduce_all": ("reduce_any",),
    "sum": ("mean", "max"),
    "mean": ("sum", "max"),
    "max": ("min",),
    "min": ("max",),
    "any": ("all",),
    "all": ("any",),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
    "maximum": ("minimum",),
    "minimum": ("maximum",),
    "add": ("subtract",),
    "subtract": ("add",),
    "multiply": ("divide",),
    "divide": ("multiply",),
    "less": ("less_equal", "greater_equal"),
    "less_equal": ("less", "greater"),
    "greater": ("greater_equal", "less_equal"),
    "greater_equal": ("greater", "less"),
    "logical_and": ("logical_or",),
    "logical_or": ("logical_and",),
    "floor": ("ceil", "round"),
    "ceil": ("floor",),
    "ones": ("zeros",),
    "zeros": ("ones",),
    "ones_like": ("zeros_like",),
    "zeros_like": ("ones_like",),
    "stack": ("concat",),
    "concat": ("stack",),
    "segment_sum": ("segment_mean",),
    "unsorted_segment_sum": ("unsorted_segment_mean",),
    "append": ("extend",),
    "extend": ("append",),
}
ASSIGNS = {
    "assign_add": ("assign", "assign_sub"),
    "assign_sub": ("assign", "assign_add"),
    "scatter_add": ("scatter_update",),
}
NARROWER = {
    "float64": "float32",
    "float32": "float16",
    "complex128": "complex64",
    "int64": "int32",
    "int32": "int16",
}
COMPARES: Mapping[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: Mapping[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
# Calls of Python's own that hand on what they are given, in another form.
PLAIN_CALLS = {"reversed", "sorted", "list", "dict", "set", "tuple", "float", "int"}
PLAIN_CALLS |= {"abs", "round", "bool"}
# Changes of form that TensorFlow makes by itself where they are left out.
FORM_ONLY = {"identity", "constant", "convert_to_tensor", "asarray", "array"}
FORM_ONLY |= {"RegisterGradient", "function"}  # these make decorators
METHODS = {"copy", "numpy", "read_value"}  # without arguments
SYMMETRIC = {"maximum", "minimum", "max", "min", "add", "multiply", "equal"}
SYMMETRIC |= {"not_equal", "logical_and", "logical_or", "allclose", "isclose"}
LIBRARIES = {"tf", "np", "keras"}
