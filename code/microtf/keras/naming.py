"""Names for what the program did not name.

Keras: `auto_name` in keras/src/utils/naming.py.
"""

from __future__ import annotations

import re
from collections import Counter

_used: Counter[str] = Counter()


def auto_name(prefix: str) -> str:
    """Return `prefix` in snake case, with a number if it has been given out before.

    >>> clear_names()
    >>> auto_name("MaxPool"), auto_name("MaxPool")
    ('max_pool', 'max_pool_1')
    """
    name = to_snake_case(prefix)
    _used[name] += 1
    return f"{name}_{_used[name] - 1}" if _used[name] > 1 else name


def to_snake_case(name: str) -> str:
    """Return a class's name in the form of a variable's."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def clear_names() -> None:
    """Begin to count again. Keras: `keras.backend.clear_session`."""
    _used.clear()
