"""Fit a stored state to the pool and the clock as they are when a page opens.

Books are upgraded while attempts are open, and clocks are set back. What was settled
stays as it is, with its points. An open question that changed is asked anew; one that
is gone is replaced by another of its stratum, or dropped when there is none.
"""

from collections.abc import Mapping

from selfcheck import deck, gate, sampler
from selfcheck.rounds import Json, State, attempts_of, current, fresh_entry, items_of


def fit(quiz: Json, state: State, now: str) -> None:
    """Fit all of a state; see the rules of the modules `gate` and `deck`, too."""
    items = items_of(quiz)
    for attempt in attempts_of(state):
        for entry in attempt["items"]:
            if not entry.get("stratum") and entry["id"] in items:
                entry["stratum"] = items[entry["id"]]["stratum"]
    gate.fit(quiz, state, now)
    deck.fit(quiz, state, now)
    attempt = current(state)
    if attempt:
        _fit_attempt(quiz, state, attempt, now)


def _fit_attempt(quiz: Json, state: State, attempt: State, now: str) -> None:
    items = items_of(quiz)
    for entry in list(attempt["items"]):
        if entry["state"] != "open":
            continue
        place, item = attempt["items"].index(entry), items.get(entry["id"])
        if item and item["rev"] == entry["rev"]:
            continue
        item = item or _replacement(quiz, state, attempt, entry, items, now)
        seed = attempt["seed"]
        attempt["items"][place : place + 1] = [fresh_entry(item, seed)] if item else []
    if not attempt["items"]:
        state["rounds"][-1]["attempts"].pop()
        if not state["rounds"][-1]["attempts"]:
            state["rounds"].pop()


def _replacement(
    quiz: Json,
    state: State,
    attempt: Json,
    entry: Json,
    items: Mapping[str, Json],
    now: str,
) -> Json | None:
    """Draw another item for an entry whose item is gone, of a family not asked yet."""
    asked = {items[e["id"]]["family"] for e in attempt["items"] if e["id"] in items}
    others = [
        item
        for item in quiz["items"]
        if item["stratum"] == entry["stratum"] and item["family"] not in asked
    ]
    if not others:
        return None
    start, resting = sampler.h53(attempt["seed"]), deck.resting(state, now)
    drawn = sampler.in_order(others, start, state["seen"], resting)[0]
    state["seen"][drawn["id"]] = state["seen"].get(drawn["id"], 0) + 1
    return drawn
