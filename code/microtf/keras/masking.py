"""Masks: a note on a tensor that says which of its entries count.

Keras: keras/src/backend/common/masking.py, which sets an attribute of the tensor.
"""

from __future__ import annotations

import weakref
from typing import Any

from microtf.tensor import Tensor

_masks: dict[int, Tensor] = {}


def set_keras_mask(x: Tensor, mask: Tensor | None) -> None:
    """Note `mask` on the tensor `x` itself: what is computed from `x` has no mask."""
    if mask is None:
        _masks.pop(x.id, None)
    else:
        _masks[x.id] = mask
        weakref.finalize(x, _masks.pop, x.id, None)


def get_keras_mask(x: Any) -> Tensor | None:
    """Return the mask noted on `x`, or None.

    >>> x, mask = Tensor([1.0, 2.0]), Tensor([True, False])
    >>> set_keras_mask(x, mask)
    >>> get_keras_mask(x) is mask, get_keras_mask(x + 0.0)
    (True, None)
    """
    return _masks.get(getattr(x, "id", None))
