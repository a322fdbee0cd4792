"""What guessing is worth: the toy's items as `selfcheck.guessing` reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from selfcheck import guessing
from selfcheck.model import KINDS, AnyItem, PassRule, Quiz

from . import toy

ALPHA = 1e-4  # how rare a result must be to count against a bot


def modelled(item: toy.Item) -> AnyItem:
    """Return an item of the toy with what its chances depend on."""
    wrong = [option for option in item.options if not option[1]]
    lines = (item.key or {}).get("lines", [])
    fields = {
        "id": item.id,
        "type": item.type,
        "wrong": wrong,
        "keys": [option for option in item.options if option[1]],
        "lines": lines,
        "distractors": item.lines[len(lines) :],
        "submissions": 5,
    }
    return KINDS[item.type].model_construct(**fields)  # type: ignore[return-value]


ITEMS = {name: modelled(item) for name, item in toy.ITEMS.items()}


def rules(payload: Mapping[str, Any]) -> Quiz:
    """Return the rules of a page's quiz as the model has them."""
    passes = PassRule(**payload["pass"])
    return Quiz.model_construct(
        draw=payload["draw"], pass_=passes, attempts=payload["attempts"]
    )


def bound(payload: Mapping[str, Any]) -> Fraction:
    """Return the computed chance to pass one attempt by guessing, at most."""
    return guessing.pass_by_guessing(rules(payload), ITEMS.values())


def chance(
    payload: Mapping[str, Any], drawn: Iterable[str], known: Sequence[str] = ()
) -> float:
    """Return the chance to pass when these are drawn and those of them known."""
    total = {Fraction(0): 1.0}
    for name in drawn:
        one = guessing.points(ITEMS[name])
        if name in known:
            one = {Fraction(1): Fraction(1)}
        elif ITEMS[name].type in payload["pass"]["must"]:
            one.pop(Fraction(0))
        found: dict[Fraction, float] = {}
        for x, p in total.items():
            for y, q in one.items():
                found[x + y] = found.get(x + y, 0.0) + p * float(q)
        total = found
    needed = Fraction(str(payload["pass"]["at_least"]))
    return sum(p for value, p in total.items() if value >= needed)


def passes(chances: Iterable[float]) -> np.ndarray:
    """Return the probability of 0, 1, 2, … passes in attempts with these chances.

    With equal chances it is the binomial distribution.
    """
    found = np.ones(1)
    for p in chances:
        found = np.convolve(found, [1 - p, p])
    return found


def too_many(passed: int, chances: Sequence[float]) -> bool:
    """Tell whether so many passes are no luck."""
    return bool(passes(chances)[passed:].sum() < ALPHA)


def too_few(passed: int, chances: Sequence[float]) -> bool:
    """Tell whether so few passes are no bad luck: then the bot plays badly."""
    return bool(passes(chances)[: passed + 1].sum() < ALPHA)
