"""How likely a quiz is passed by guessing: computed exactly, in fractions."""

import math
from collections.abc import Iterable
from contextlib import suppress
from fractions import Fraction

from selfcheck.config import Config
from selfcheck.exam import load_quiz
from selfcheck.model import AnyItem, Choice, Multiple, Order, Quiz, stratum, tries
from selfcheck.problems import PoolError
from selfcheck.state import worth

# What a guess at an open answer is worth; the measured answers of a pool are far
# rarer than that, so the bound errs on the side of the guesser.
OUTPUT = Fraction(1, 50)
OPEN = Fraction(1, 100)
BOUND = Fraction(1, 1000)

Points = dict[Fraction, Fraction]


def chance(item: AnyItem) -> Fraction:
    """Return the probability that one blind try at an item is right."""
    if isinstance(item, Choice):
        return Fraction(1, 1 + len(item.wrong))
    if isinstance(item, Multiple):
        return Fraction(1, 2 ** (len(item.keys) + len(item.wrong)) - 1)
    if isinstance(item, Order):
        listed = len(item.lines) + len(item.distractors)
        return Fraction(1, math.perm(listed, len(item.lines)))
    return OUTPUT if item.type == "output" else OPEN


def points(item: AnyItem) -> Points:
    """Return the distribution of an item's points under guessing, all tries used.

    Nobody gives a refuted answer twice: of N answers that look alike, each try finds
    the right one with probability 1/N, until all were given.
    """
    p, left = chance(item), Fraction(1)
    found: Points = {}
    for nth in range(1, tries(item) + 1):
        value = Fraction(worth(item.type, nth))
        found[value] = found.get(value, Fraction(0)) + min(p, left)
        left -= min(p, left)
    return found | {Fraction(0): left}


def pass_by_guessing(quiz: Quiz, items: Iterable[AnyItem]) -> Fraction:
    """Return the probability that guessing passes one attempt.

    Of each stratum the items count that are easiest to guess, so that the number
    holds for every sample. Strata that must be right have to give points.
    """
    pool = list(items)
    total: Points = {Fraction(0): Fraction(1)}
    for name, drawn in quiz.draw.items():
        found = [item for item in pool if stratum(item) == name]
        easiest = sorted(found, key=chance, reverse=True)[:drawn]
        for item in easiest:
            one = points(item)
            if name in quiz.pass_.must:
                one.pop(Fraction(0))
            total = _sum(total, one)
    needed = Fraction(str(quiz.pass_.at_least))
    return sum((p for value, p in total.items() if value >= needed), Fraction(0))


def bounds(config: Config) -> dict[str, Fraction]:
    """Return the probability for each quiz and exam of a book that can be read."""
    found = {}
    for slug in [*config.slugs(), *config.exams()]:
        with suppress(PoolError):
            file = load_quiz(slug, config)
            found[slug] = pass_by_guessing(file.quiz, file.items)
    return found


def _sum(a: Points, b: Points) -> Points:
    found: Points = {}
    for x, p in a.items():
        for y, q in b.items():
            found[x + y] = found.get(x + y, Fraction(0)) + p * q
    return found
