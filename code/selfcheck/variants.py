"""Siblings of an item: `{a}` in its texts replaced by each value of `vary`."""

import itertools
import re
from collections.abc import Mapping
from typing import Any

from selfcheck import sampler
from selfcheck.model import AnyItem, Choice, Multiple, Order, Scalar

Values = dict[str, Scalar]


def combinations(item: AnyItem) -> list[Values]:
    """Return the values of each variant, in the order of the pool file.

    An item without `vary` has one variant with no values.
    """
    names = list(item.vary)
    found = [
        dict(zip(names, values, strict=True))
        for values in itertools.product(*item.vary.values())
    ]
    return [values for values in found if not _left_out(item, values)]


def _left_out(item: AnyItem, values: Values) -> bool:
    return any(
        all(values.get(name) == value for name, value in hole.items())
        for hole in item.except_
    )


def fill(text: str, values: Mapping[str, Scalar]) -> str:
    """Replace `{name}` of the given names; every other brace stays.

    >>> fill("x = {a}; d = {'b': {b}}", {"a": 2})
    "x = 2; d = {'b': {b}}"
    """
    if not values:
        return text
    names = "|".join(map(re.escape, values))
    return re.sub(rf"\{{({names})\}}", lambda match: str(values[match[1]]), text)


def options(item: AnyItem, pool: str) -> list[Any]:
    """Return an item's options in canonical order; empty where it has none.

    The canonical order is one fixed shuffle for all readers: it numbers the options
    without telling that the first one in the file is the key. For an order item the
    options are its lines (plain strings) and distractors.
    """
    if isinstance(item, Choice):
        listed: list[Any] = [item.key, *item.wrong]
    elif isinstance(item, Multiple):
        listed = [*item.keys, *item.wrong]
    elif isinstance(item, Order):
        listed = [*item.lines, *item.distractors]
    else:
        return []
    return [listed[j] for j in _canonical(item, len(listed), pool)]


def key_indices(item: Choice | Multiple | Order, pool: str) -> list[int]:
    """Return where the right options, or the lines in order, stand in `options`."""
    right = {"choice": 1}.get(item.type) or len(
        item.keys if isinstance(item, Multiple) else item.lines
    )
    distractors = item.distractors if isinstance(item, Order) else item.wrong
    places = _canonical(item, right + len(distractors), pool)
    found = [places.index(j) for j in range(right)]
    return found if isinstance(item, Order) else sorted(found)


def _canonical(item: AnyItem, n: int, pool: str) -> list[int]:
    return sampler.option_order(item.id, n, f"canonical|{pool}")
