"""Looking glasses for Keras: what it notes where its public API does not show it.

With `insidetf.lens` this is the place that touches private names, one file for Keras.
"""

from __future__ import annotations

from typing import Any, NamedTuple


def mask_of(tensor: Any) -> Any:
    """Return the mask that Keras has noted on a layer's output, or None.

    Keras: `get_keras_mask` in keras/src/backend/common/masking.py.

    >>> import keras, numpy as np
    >>> layer = keras.layers.Embedding(5, 2, mask_zero=True)
    >>> mask_of(layer(np.array([[3, 0]]))).numpy().tolist()
    [[True, False]]
    """
    return getattr(tensor, "_keras_mask", None)


class History(NamedTuple):
    """Where a symbolic tensor came from: output `tensor_index` of the call number
    `node_index` of `operation`."""

    operation: Any
    node_index: int
    tensor_index: int


def history_of(tensor: Any) -> History:
    """Return what Keras, or the miniature, has noted on a symbolic tensor.

    Keras: `KerasHistory` in keras/src/ops/node.py.

    >>> import keras
    >>> history_of(keras.Input((2,), name="x")).operation.name
    'x'
    """
    return History(*tensor._keras_history)


def calls_of(operation: Any) -> list[Any]:
    """Return the nodes of a layer or an operation: one for each symbolic call.

    >>> import keras
    >>> layer = keras.layers.Dense(2)
    >>> _ = layer(keras.Input((3,))), layer(keras.Input((3,)))
    >>> len(calls_of(layer))
    2
    """
    return list(operation._inbound_nodes)


def calls_by_depth(model: Any) -> dict[int, list[Any]]:
    """Return the nodes of a graph of calls, the outputs' at depth 0.

    Keras: `map_graph` in keras/src/ops/function.py.
    """
    return dict(sorted(model._nodes_by_depth.items()))
