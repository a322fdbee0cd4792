"""Nested structures: lists, tuples, and dictionaries as flat lists and back.

TensorFlow: tensorflow/python/util/nest.py.
"""

from __future__ import annotations

from typing import Any


def flatten(structure: Any) -> list[Any]:
    """Return the leaves of `structure`, dictionaries in the order of their keys.

    >>> flatten({"b": 1, "a": [2, (3,)]})
    [2, 3, 1]
    """
    if isinstance(structure, dict):
        structure = [structure[key] for key in sorted(structure)]
    if not isinstance(structure, list | tuple):
        return [structure]
    return [leaf for item in structure for leaf in flatten(item)]


def pack_sequence_as(structure: Any, flat: list[Any]) -> Any:
    """Return `flat` in the shape of `structure`: the way back from `flatten`.

    >>> pack_sequence_as({"b": 0, "a": [0, (0,)]}, [2, 3, 1])
    {'a': [2, (3,)], 'b': 1}
    """
    leaves = iter(flat)

    def pack(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: pack(part[key]) for key in sorted(part)}
        if isinstance(part, list | tuple):
            return type(part)([pack(item) for item in part])
        return next(leaves)

    return pack(structure)
