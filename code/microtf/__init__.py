"""TensorFlow's machinery in miniature, on NumPy alone.

>>> import microtf as mt
>>> w = mt.Variable([1.0, 2.0])
>>> with mt.GradientTape() as tape:
...     loss = mt.reduce_sum(w * w)
>>> tape.gradient(loss, w).numpy()
array([2., 4.], dtype=float32)
"""

import numpy as _np

from microtf import (  # noqa: F401 (imported for what they register)
    array_grad,
    array_kernels,
    control_flow_grad,
    elementwise_grad,
    kernels,
    math_grad,
    math_ops,
    ops,
    override_operators,
    reduce_grad,
    while_grad,
)
from microtf import autograph as autograph
from microtf import forwardprop as autodiff  # noqa: F401 (TensorFlow's name for it)
from microtf import nn as nn
from microtf.backprop import GradientTape as GradientTape
from microtf.check import check_gradient as check_gradient
from microtf.check import compute_gradient as compute_gradient
from microtf.control_flow import cond as cond
from microtf.control_flow import while_loop as while_loop
from microtf.custom_gradient import custom_gradient as custom_gradient
from microtf.func_graph import FuncGraph as FuncGraph
from microtf.function import Function as Function
from microtf.function import function as function
from microtf.graph import Graph as Graph
from microtf.indexed_slices import IndexedSlices as IndexedSlices
from microtf.math_ops import abs as abs
from microtf.math_ops import add as add
from microtf.math_ops import cast as cast
from microtf.math_ops import concat as concat
from microtf.math_ops import cos as cos
from microtf.math_ops import divide as divide
from microtf.math_ops import exp as exp
from microtf.math_ops import gather as gather
from microtf.math_ops import greater as greater
from microtf.math_ops import greater_equal as greater_equal
from microtf.math_ops import identity as identity
from microtf.math_ops import less as less
from microtf.math_ops import less_equal as less_equal
from microtf.math_ops import logical_and as logical_and
from microtf.math_ops import logical_not as logical_not
from microtf.math_ops import logical_or as logical_or
from microtf.math_ops import matmul as matmul
from microtf.math_ops import maximum as maximum
from microtf.math_ops import minimum as minimum
from microtf.math_ops import multiply as multiply
from microtf.math_ops import negative as negative
from microtf.math_ops import ones_like as ones_like
from microtf.math_ops import pow as pow
from microtf.math_ops import reduce_max as reduce_max
from microtf.math_ops import reduce_mean as reduce_mean
from microtf.math_ops import reduce_min as reduce_min
from microtf.math_ops import reduce_sum as reduce_sum
from microtf.math_ops import reshape as reshape
from microtf.math_ops import round as round
from microtf.math_ops import sigmoid as sigmoid
from microtf.math_ops import sin as sin
from microtf.math_ops import sqrt as sqrt
from microtf.math_ops import square as square
from microtf.math_ops import stack as stack
from microtf.math_ops import subtract as subtract
from microtf.math_ops import tanh as tanh
from microtf.math_ops import transpose as transpose
from microtf.math_ops import unstack as unstack
from microtf.math_ops import where as where
from microtf.math_ops import zeros_like as zeros_like
from microtf.module import Module as Module
from microtf.op import graph_mode as graph_mode
from microtf.op import op as op
from microtf.op_def import find_op as find_op
from microtf.op_def import register_op as register_op
from microtf.op_def import registered_ops as registered_ops
from microtf.op_kernel import register_kernel as register_kernel
from microtf.op_kernel import registered_kernels as registered_kernels
from microtf.recompute import recompute_grad as recompute_grad
from microtf.record import record_operation as record_operation
from microtf.record import stop_gradient as stop_gradient
from microtf.record import stop_recording as stop_recording
from microtf.registry import gradient_function as gradient_function
from microtf.registry import no_gradient as no_gradient
from microtf.registry import register_gradient as register_gradient
from microtf.registry import registered_gradients as registered_gradients
from microtf.spec import TensorSpec as TensorSpec
from microtf.symbolic import SymbolicTensor as SymbolicTensor
from microtf.tensor import Tensor as Tensor
from microtf.tensor import constant as constant
from microtf.tensor import convert_to_tensor as convert_to_tensor
from microtf.tensor import (
    register_tensor_conversion_function as register_tensor_conversion_function,
)
from microtf.variable import Variable as Variable

math = math_ops  # as in TensorFlow, the same functions stand under both names

float32 = _np.dtype("float32")
float64 = _np.dtype("float64")
int32 = _np.dtype("int32")
