"""What a reader did in a quiz, as plain JSON, and the one function that changes it.

`reduce(quiz, state, event)` is pure: time and seed come with the event, the state
that goes in is left as it was. Page, notebook, and terminal keep the same state,
so an attempt begun in one can be finished in another. `quiz` is the public part of
a page's payload: `draw`, `pass`, `attempts`, and `items`, each with `id`, `rev`,
`family`, `stratum`, `type`, `objective`, `variants`, `options`, and `tries`.
"""

import copy
from collections.abc import Callable, Mapping
from typing import Any

from selfcheck import sampler

State = dict[str, Any]
Json = Mapping[str, Any]


def empty() -> State:
    """Return the state of a quiz that was never opened."""
    return {"rounds": [], "seen": {}, "retired": {}}


def reduce(quiz: Json, state: Json | None, event: Json) -> State:
    """Return the state after `event`; an event that does not apply changes nothing.

    Events, each with `type` and `now` (ISO 8601, UTC):
    `start` (`seed`: str) draws a new attempt unless one is open;
    `answer` (`item`, `answer`, `right`: bool) uses one try;
    `give_up` (`item`) settles an item as wrong; `finish` does so for all that is
    open; `load` fits an open attempt to a pool that changed since; `reset` forgets
    the rounds, yet not which items were seen.

    Raises ValueError for an unknown type, PoolTooSmallError from `start`.
    """
    if event["type"] not in _EVENTS:
        known = ", ".join(sorted(_EVENTS))
        raise ValueError(f"expected an event of type {known}, got '{event['type']}'")
    after = copy.deepcopy(dict(state)) if state else empty()
    _EVENTS[event["type"]](quiz, after, event)
    return after


def worth(kind: str, nth: int) -> float:
    """Return the points of an item answered right at its `nth` try (from 1)."""
    return 1 if kind == "code" or nth == 1 else 0.5


def is_over(quiz: Json, round_: Json) -> bool:
    """Say whether a round takes no more attempts: all are used, or one passed."""
    attempts = round_["attempts"]
    if any(attempt["finished"] is None for attempt in attempts):
        return False
    passed = any(summary(quiz, attempt)["passed"] for attempt in attempts)
    return passed or len(attempts) >= quiz["attempts"]


def current(state: Json) -> dict[str, Any] | None:
    """Return the open attempt, or None."""
    last = state["rounds"][-1]["attempts"][-1:] if state["rounds"] else []
    return last[0] if last and last[0]["finished"] is None else None


def key_is_open(quiz: Json, state: Json, entry: Json) -> bool:
    """Say whether the key of an entry of the last round may be shown."""
    return entry["state"] == "right" or is_over(quiz, state["rounds"][-1])


def summary(quiz: Json, attempt: Json) -> dict[str, Any]:
    """Count an attempt: points, right, open, waiting code, missed objectives, passed.

    An attempt passes when it is finished, its points reach `pass.at_least`, and
    every item of the strata in `pass.must` is right.
    """
    items = {item["id"]: item for item in quiz["items"]}
    entries = [(items.get(entry["id"]), entry) for entry in attempt["items"]]
    known = [(item, entry) for item, entry in entries if item is not None]
    opened = [item for item, entry in known if entry["state"] == "open"]
    missed = [item["objective"] for item, entry in known if entry["state"] == "wrong"]
    points = sum(entry["points"] for _, entry in entries)
    must = all(
        entry["state"] == "right"
        for item, entry in known
        if item["stratum"] in quiz["pass"]["must"]
    )
    enough = points >= quiz["pass"]["at_least"]
    return {
        "points": points,
        "of": len(entries),
        "right": sum(entry["state"] == "right" for _, entry in entries),
        "open": len(opened),
        "waiting": sum(item["type"] == "code" for item in opened),
        "missed": sorted(set(missed)),
        "passed": attempt["finished"] is not None and enough and must,
    }


def _start(quiz: Json, state: State, event: Json) -> None:
    _load(quiz, state, event)
    if current(state) is not None:
        return
    resting = [name for name, until in state["retired"].items() if until > event["now"]]
    seed, seen = event["seed"], state["seen"]
    items = {item["id"]: item for item in quiz["items"]}
    drawn = sampler.sample(quiz["items"], quiz["draw"], seed, seen, resting)
    if not state["rounds"] or is_over(quiz, state["rounds"][-1]):
        state["rounds"].append({"attempts": []})
    for name in drawn:
        seen[name] = seen.get(name, 0) + 1
    state["rounds"][-1]["attempts"].append(
        {
            "seed": seed,
            "started": event["now"],
            "finished": None,
            "items": [_entry(items[name], seed) for name in drawn],
        }
    )


def _entry(item: Json, seed: str) -> dict[str, Any]:
    return {
        "id": item["id"],
        "rev": item["rev"],
        "variant": sampler.variant(item["id"], item["variants"], seed),
        "order": sampler.option_order(item["id"], item["options"], seed),
        "tries": [],
        "state": "open",
        "points": 0,
    }


def _load(quiz: Json, state: State, event: Json) -> None:
    """Drop an open attempt whose items are gone; open again those that changed."""
    attempt = current(state)
    if attempt is None:
        return
    items = {item["id"]: item for item in quiz["items"]}
    if any(entry["id"] not in items for entry in attempt["items"]):
        state["rounds"][-1]["attempts"].pop()
        if not state["rounds"][-1]["attempts"]:
            state["rounds"].pop()
        return
    for index, entry in enumerate(attempt["items"]):
        item = items[entry["id"]]
        if entry["rev"] != item["rev"]:
            attempt["items"][index] = _entry(item, attempt["seed"])


def _open_entry(state: State, name: str) -> dict[str, Any] | None:
    attempt = current(state)
    for entry in attempt["items"] if attempt else []:
        if entry["id"] == name and entry["state"] == "open":
            return entry
    return None


def _answer(quiz: Json, state: State, event: Json) -> None:
    entry = _open_entry(state, event["item"])
    item = next((i for i in quiz["items"] if i["id"] == event["item"]), None)
    if entry is None or item is None:
        return
    right = bool(event["right"])
    entry["tries"].append(
        {"answer": event["answer"], "right": right, "at": event["now"]}
    )
    if right:
        entry["state"] = "right"
        entry["points"] = worth(item["type"], len(entry["tries"]))
    elif len(entry["tries"]) >= item["tries"]:
        entry["state"] = "wrong"
    _close(state, event)


def _give_up(quiz: Json, state: State, event: Json) -> None:
    entry = _open_entry(state, event["item"])
    if entry is not None:
        entry["state"] = "wrong"
        _close(state, event)


def _finish(quiz: Json, state: State, event: Json) -> None:
    attempt = current(state)
    for entry in attempt["items"] if attempt else []:
        if entry["state"] == "open":
            entry["state"] = "wrong"
    _close(state, event)


def _close(state: State, event: Json) -> None:
    attempt = current(state)
    if attempt and all(entry["state"] != "open" for entry in attempt["items"]):
        attempt["finished"] = event["now"]


def _reset(quiz: Json, state: State, event: Json) -> None:
    state["rounds"], state["retired"] = [], {}


_EVENTS: dict[str, Callable[[Json, State, Json], None]] = {
    "start": _start,
    "answer": _answer,
    "give_up": _give_up,
    "finish": _finish,
    "load": _load,
    "reset": _reset,
}
