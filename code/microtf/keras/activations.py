"""Activations by their names. Keras: keras/src/activations/__init__.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from microtf import nn
from microtf.math_ops import identity

_BY_NAME: dict[str | None, Callable[[Any], Any]] = {
    None: identity,
    "linear": identity,
    "relu": nn.relu,
    "sigmoid": nn.sigmoid,
    "softmax": nn.softmax,
    "tanh": nn.tanh,
}


def get(activation: str | Callable[[Any], Any] | None) -> Callable[[Any], Any]:
    """Return the function of a name, or what is one already."""
    if callable(activation):
        return activation
    if activation not in _BY_NAME:
        known = sorted(name for name in _BY_NAME if name)
        raise ValueError(f"expected one of {known}, got {activation!r}")
    return _BY_NAME[activation]
