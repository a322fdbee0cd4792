"""What nested calls of layers share: whether this is training.

Keras: `CallContext` in keras/src/layers/layer.py.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass
class CallContext:
    """The call that is going on, begun by `entry_layer`.

    What a layer sets stays for all that is called after it, as in Keras.
    """

    entry_layer: Any
    training: bool | None = None


_current: CallContext | None = None


@contextlib.contextmanager
def call_context(layer: Any) -> Iterator[CallContext]:
    """Join the call that is going on, or begin one."""
    global _current
    outer = _current
    if outer is None:
        layer.clear_losses()
        _current = CallContext(layer)
    try:
        yield _current
    finally:
        _current = outer
