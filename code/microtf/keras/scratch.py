"""Shapes by symbolic execution: run a function where running it costs nothing.

Keras: `compute_output_spec` in keras/src/backend/tensorflow/core.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from microtf.func_graph import FuncGraph
from microtf.keras.keras_tensor import KerasTensor
from microtf.keras.naming import auto_name
from microtf.keras.node import map_structure
from microtf.op import graph_mode
from microtf.record import no_tapes
from microtf.spec import TensorSpec
from microtf.tensor import Tensor


def compute_output_spec(fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Return what `fn` returns, with a KerasTensor in the place of each tensor.

    `fn` runs once, in a graph that is thrown away, on a placeholder for each
    KerasTensor among its arguments. What it assigns to variables stays in that graph.

    >>> compute_output_spec(lambda x: x * 2.0, KerasTensor((None, 3))).shape
    (None, 3)
    """
    graph = FuncGraph(auto_name("scratch_graph"))

    def to_placeholder(leaf: Any) -> Any:
        if not isinstance(leaf, KerasTensor):
            return leaf
        return graph.placeholder(TensorSpec(leaf.shape, leaf.dtype))

    def to_keras_tensor(leaf: Any) -> Any:
        return KerasTensor(leaf.shape, leaf.dtype) if isinstance(leaf, Tensor) else leaf

    with graph_mode(graph), no_tapes():
        args, kwargs = map_structure(to_placeholder, [list(args), kwargs])
        return map_structure(to_keras_tensor, fn(*args, **kwargs))
