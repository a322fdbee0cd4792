"""What can be said of rounds, attempts, and their entries: nothing here changes them.

A round is a list of attempts, an attempt a list of entries, an entry one question as
it was asked: item, revision, variant, order of options, tries, state, points.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from selfcheck import sampler

State = dict[str, Any]
Json = Mapping[str, Any]
CONFIDENCES = ("guess", "unsure", "sure")


def items_of(quiz: Json) -> dict[str, Json]:
    """Return the items of a quiz by id."""
    return {item["id"]: item for item in quiz["items"]}


def fresh_entry(item: Json, seed: str, number: int | None = None) -> State:
    """Return an item as it is asked under `seed`, before any answer.

    `number` is the variant; without one the seed chooses it.
    """
    if number is None:
        number = sampler.variant(item["id"], item["variants"], seed)
    return {
        "id": item["id"],
        "rev": item["rev"],
        "stratum": item["stratum"],
        "variant": number,
        "order": sampler.option_order(item["id"], item["options"], seed),
        "tries": [],
        "state": "open",
        "points": 0,
    }


def worth(kind: str, nth: int) -> float:
    """Return the points of an item answered right at its `nth` try (from 1)."""
    return 1 if kind == "code" or nth == 1 else 0.5


def add_try(item: Json, entry: State, event: Json) -> None:
    """Use one try of an open entry; a right one settles it, and so does the last."""
    right = bool(event["right"])
    tried = {"answer": event["answer"], "right": right, "at": event["now"]}
    if event.get("confidence") in CONFIDENCES:
        tried["confidence"] = event["confidence"]
    entry["tries"].append(tried)
    if right:
        entry["state"] = "right"
        entry["points"] = worth(item["type"], len(entry["tries"]))
    elif len(entry["tries"]) >= item["tries"]:
        entry["state"] = "wrong"


def confidence(entry: Json) -> str | None:
    """Return how sure the reader was at the first try: what they brought along."""
    return entry["tries"][0].get("confidence") if entry["tries"] else None


def attempts_of(state: Json) -> Iterator[State]:
    """Yield all attempts, oldest first."""
    for round_ in state["rounds"]:
        yield from round_["attempts"]


def settled_at(attempt: Json, entry: Json) -> str:
    """Return when an entry was settled, as well as the record tells."""
    if entry["tries"]:
        return entry["tries"][-1]["at"]
    return attempt["finished"] or attempt["started"]


def current(state: Json) -> State | None:
    """Return the open attempt, or None."""
    last = state["rounds"][-1]["attempts"][-1:] if state["rounds"] else []
    return last[0] if last and last[0]["finished"] is None else None


def is_over(quiz: Json, round_: Json) -> bool:
    """Say whether a round takes no more attempts: all are used, or one passed."""
    attempts = round_["attempts"]
    if any(attempt["finished"] is None for attempt in attempts):
        return False
    return has_passed(quiz, round_) or len(attempts) >= quiz["attempts"]


def has_passed(quiz: Json, round_: Json) -> bool:
    """Say whether an attempt of the round passed."""
    return any(summary(quiz, attempt)["passed"] for attempt in round_["attempts"])


def key_is_open(quiz: Json, state: Json, entry: Json) -> bool:
    """Say whether the key of an entry of the last round may be shown."""
    return entry["state"] == "right" or is_over(quiz, state["rounds"][-1])


def missed(quiz: Json, attempt: Json) -> list[str]:
    """Return the objectives of the wrong entries, sorted."""
    items = items_of(quiz)
    wrong = (e["id"] for e in attempt["items"] if e["state"] == "wrong")
    return sorted({items[name]["objective"] for name in wrong if name in items})


def summary(quiz: Json, attempt: Json) -> dict[str, Any]:
    """Count an attempt: points, right, open, waiting code, missed objectives, passed.

    An attempt passes when it is finished, its points reach `pass.at_least`, and
    every entry of the strata in `pass.must` is right.
    """
    items, entries = items_of(quiz), attempt["items"]
    opened = [e["id"] for e in entries if e["state"] == "open" and e["id"] in items]
    points = sum(entry["points"] for entry in entries)
    must = all(
        entry["state"] == "right"
        for entry in entries
        if _stratum(items, entry) in quiz["pass"]["must"]
    )
    enough = points >= quiz["pass"]["at_least"]
    return {
        "points": points,
        "of": len(entries),
        "right": sum(entry["state"] == "right" for entry in entries),
        "open": len(opened),
        "waiting": sum(items[name]["type"] == "code" for name in opened),
        "missed": missed(quiz, attempt),
        "passed": attempt["finished"] is not None and enough and must,
    }


def _stratum(items: Mapping[str, Json], entry: Json) -> str | None:
    """Return the stratum an entry was drawn from; old records do not name it."""
    item = items.get(entry["id"])
    return entry.get("stratum") or (item["stratum"] if item else None)
