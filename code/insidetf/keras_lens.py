"""Looking glasses for Keras: what it notes where its public API does not show it.

With `insidetf.lens` this is the place that touches private names, one file for Keras.
"""

from __future__ import annotations

from typing import Any


def mask_of(tensor: Any) -> Any:
    """Return the mask that Keras has noted on a layer's output, or None.

    Keras: `get_keras_mask` in keras/src/backend/common/masking.py.

    >>> import keras, numpy as np
    >>> layer = keras.layers.Embedding(5, 2, mask_zero=True)
    >>> mask_of(layer(np.array([[3, 0]]))).numpy().tolist()
    [[True, False]]
    """
    return getattr(tensor, "_keras_mask", None)
