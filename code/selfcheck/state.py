"""What a reader did in a quiz, as plain JSON, and the one function that changes it.

`reduce(quiz, state, event)` is pure: time and seed come with the event, the state
that goes in is left as it was. Page, notebook, and terminal keep the same state,
so an attempt begun in one can be finished in another. `quiz` is the public part of
a page's payload: `draw`, `pass`, `attempts`, `gate` (minutes), `retire` (days),
`review` (days), and `items`, each with `id`, `rev`, `family`, `stratum`, `type`,
`objective`, `variants`, `options`, and `tries`.
"""

from collections.abc import Callable
from typing import Any

from selfcheck import deck, sampler
from selfcheck import fit as fitting
from selfcheck import gate as gates
from selfcheck.deck import due
from selfcheck.gate import gate
from selfcheck.mastery import calibration, mastery
from selfcheck.rounds import (
    Json,
    State,
    add_try,
    current,
    fresh_entry,
    is_over,
    items_of,
    key_is_open,
    summary,
    worth,
)

__all__ = [
    "EVENTS",
    "Json",
    "State",
    "calibration",
    "current",
    "due",
    "empty",
    "gate",
    "is_over",
    "key_is_open",
    "mastery",
    "reduce",
    "summary",
    "worth",
]


def empty() -> State:
    """Return the state of a quiz that was never opened."""
    return {
        "rounds": [],
        "seen": {},
        "retired": {},
        "gate": None,
        "deck": {},
        "reviews": [],
    }


def reduce(quiz: Json, state: Json | None, event: Json) -> State:
    """Return the state after `event`; an event that does not apply changes nothing.

    Events, each with `type` and `now` (ISO 8601, UTC, milliseconds):
    `start` (`seed`: str) draws a new attempt unless one is open or the gate is shut;
    `answer` (`item`, `answer`, `right`: bool, optional `confidence`) uses one try;
    `give_up` (`item`) settles an item as wrong; `finish` does so for all that is
    open; `load` fits the state to the clock and to a pool that changed since;
    `reset` forgets the rounds and the gate, yet not what was seen and learned;
    `visit` (`objective`): the section of a missed objective was opened;
    `show` (`item`): the key was shown outside an attempt, so the item rests;
    `ask` (`family`) draws the question of a due card, `review` (`family`, `answer`,
    `right`, optional `confidence`) uses one try on it, `review_give_up` (`family`)
    settles it as wrong; `reviewed` (`family` and what the review recorded) moves the
    card of a family that was reviewed in another quiz's deck.

    Raises ValueError for an unknown type, PoolTooSmallError from `start`.
    """
    if event["type"] not in EVENTS:
        known = ", ".join(sorted(EVENTS))
        raise ValueError(f"expected an event of type {known}, got '{event['type']}'")
    after = empty() | _copy(state or {})
    EVENTS[event["type"]](quiz, after, event)
    return after


def _copy(value: Any) -> Any:
    """Copy JSON, several times faster than `copy.deepcopy`."""
    if isinstance(value, dict):
        return {key: _copy(inner) for key, inner in value.items()}
    return [_copy(inner) for inner in value] if isinstance(value, list) else value


def _start(quiz: Json, state: State, event: Json) -> None:
    _load(quiz, state, event)
    seed, now, seen = event["seed"], event["now"], state["seen"]
    if current(state) is not None or gate(quiz, state, now) is not None:
        return
    rest = deck.resting(state, now)
    drawn = sampler.sample(quiz["items"], quiz["draw"], seed, seen, rest)
    if not state["rounds"] or is_over(quiz, state["rounds"][-1]):
        state["rounds"].append({"attempts": []})
    for name in drawn:
        seen[name] = seen.get(name, 0) + 1
    items = items_of(quiz)
    attempt = {"seed": seed, "started": now, "finished": None}
    attempt["items"] = [fresh_entry(items[name], seed) for name in drawn]
    state["rounds"][-1]["attempts"].append(attempt)
    state["gate"] = None


def _load(quiz: Json, state: State, event: Json) -> None:
    fitting.fit(quiz, state, event["now"])
    _close(quiz, state, event["now"])


def _answer(quiz: Json, state: State, event: Json) -> None:
    entry = _open_entry(state, event["item"])
    item = items_of(quiz).get(event["item"])
    if entry is not None and item is not None:
        add_try(item, entry, event)
        _settled(quiz, state, entry, event["now"])
        _close(quiz, state, event["now"])


def _give_up(quiz: Json, state: State, event: Json) -> None:
    entry = _open_entry(state, event["item"])
    if entry is not None:
        entry["state"] = "wrong"
        _settled(quiz, state, entry, event["now"])
        _close(quiz, state, event["now"])


def _finish(quiz: Json, state: State, event: Json) -> None:
    attempt = current(state)
    for entry in attempt["items"] if attempt else []:
        if entry["state"] == "open":
            entry["state"] = "wrong"
            _settled(quiz, state, entry, event["now"])
    _close(quiz, state, event["now"])


def _open_entry(state: State, name: str) -> State | None:
    attempt = current(state)
    for entry in attempt["items"] if attempt else []:
        if entry["id"] == name and entry["state"] == "open":
            return entry
    return None


def _settled(quiz: Json, state: State, entry: State, now: str) -> None:
    """Let a settled entry make its card; a right one has shown its key."""
    if entry["state"] == "open":
        return
    if entry["state"] == "right":
        deck.retire(quiz, state, entry["id"], now)
    deck.note(quiz, state, entry, now)


def _close(quiz: Json, state: State, now: str) -> None:
    """Finish an attempt whose entries are all settled, and the round with the last."""
    attempt = current(state)
    if not attempt or any(entry["state"] == "open" for entry in attempt["items"]):
        return
    attempt["finished"] = now
    round_ = state["rounds"][-1]
    if is_over(quiz, round_):
        for entry in (e for a in round_["attempts"] for e in a["items"]):
            deck.retire(quiz, state, entry["id"], now)
        gates.close_round(quiz, state, now)


def _reset(quiz: Json, state: State, event: Json) -> None:
    state["rounds"], state["gate"] = [], None


def _show(quiz: Json, state: State, event: Json) -> None:
    if event["item"] in items_of(quiz):
        deck.retire(quiz, state, event["item"], event["now"])


EVENTS: dict[str, Callable[[Json, State, Json], None]] = {
    "start": _start,
    "answer": _answer,
    "give_up": _give_up,
    "finish": _finish,
    "load": _load,
    "reset": _reset,
    "visit": gates.visit,
    "show": _show,
    "ask": deck.ask,
    "review": deck.review,
    "review_give_up": deck.review_give_up,
    "reviewed": deck.reviewed,
}
