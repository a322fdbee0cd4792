"""What a record tells of a reader: which objectives hold, and how well doubt fits.

Both are computed from the record whenever they are asked for; nothing is stored.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from selfcheck.rounds import CONFIDENCES, Json, attempts_of, items_of, settled_at


def mastery(quiz: Json, state: Json) -> dict[str, dict[str, Any]]:
    """Return each objective's `level`, and how often it was `asked` and `right`.

    `new`: never asked. `missed`: the last answer was wrong. `mastered`: the answers
    since the last wrong one are two or more, on at least two different items or
    variants (where the pool has two). `begun`: everything between.
    """
    answers: dict[str, list[tuple[str, int, bool]]] = {}
    choices: dict[str, int] = {}
    items = items_of(quiz)
    for item in items.values():
        answers.setdefault(item["objective"], [])
        aim = item["objective"]
        choices[aim] = choices.get(aim, 0) + item["variants"]
    for _, name, number, right in sorted(_answers(state), key=lambda found: found[0]):
        if name in items:
            answers[items[name]["objective"]].append((name, number, right))
    return {
        aim: {
            "level": _level(given, choices[aim]),
            "asked": len(given),
            "right": sum(right for _, _, right in given),
        }
        for aim, given in answers.items()
    }


def _answers(state: Json) -> Iterator[tuple[str, str, int, bool]]:
    """Yield time, item, variant, and verdict of all that was settled."""
    for attempt in attempts_of(state):
        for entry in attempt["items"]:
            if entry["state"] != "open":
                right = entry["state"] == "right"
                yield settled_at(attempt, entry), entry["id"], entry["variant"], right
    for done in state["reviews"]:
        yield done["at"], done["item"], done["variant"], done["right"]


def _level(given: list[tuple[str, int, bool]], choices: int) -> str:
    if not given:
        return "new"
    if not given[-1][2]:
        return "missed"
    last_wrong = max(
        (n for n, (_, _, right) in enumerate(given) if not right), default=-1
    )
    since = given[last_wrong + 1 :]
    different = {(name, number) for name, number, _ in since}
    held = len(since) >= 2 and len(different) >= min(2, choices)
    return "mastered" if held else "begun"


def calibration(states: Iterable[Json]) -> dict[str, dict[str, int]]:
    """Count first tries by how sure the reader said to be: `n`, and `right` of them."""
    found = {name: {"n": 0, "right": 0} for name in CONFIDENCES}
    for state in states:
        for name, right in _first_tries(state):
            if name in found:
                found[name]["n"] += 1
                found[name]["right"] += right
    return found


def _first_tries(state: Json) -> Iterator[tuple[str | None, bool]]:
    for attempt in attempts_of(state):
        for entry in attempt["items"]:
            if entry["tries"]:
                first = entry["tries"][0]
                yield first.get("confidence"), first["right"]
    for done in state["reviews"]:
        yield done["confidence"], done["points"] == 1
