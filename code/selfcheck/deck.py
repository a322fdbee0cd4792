"""The review deck: what was asked once comes back after 1, 3, 7, and 21 days.

A card stands for a family of items: its last question (`item`, `variant`), its `box`
(how many reviews in a row were right), when it is `due` (None: learned), an `alarm`
when the last answer was wrong and its first try said to be sure, and the `entry`
that is being asked. Items whose key was shown rest for the quiz's `retire` days.
"""

from typing import Any

from selfcheck import sampler
from selfcheck.rounds import Json, State, add_try, confidence, fresh_entry, items_of
from selfcheck.stamps import later


def due(quiz: Json, state: Json, now: str) -> list[str]:
    """Return the families to be asked: alarms first, then by time, then by name."""
    families = {item["family"] for item in quiz["items"]}
    waiting = [
        (not card["alarm"], card["due"], name)
        for name, card in state["deck"].items()
        if name in families and card["due"] is not None and card["due"] <= now
    ]
    return [name for _, _, name in sorted(waiting)]


def retire(quiz: Json, state: State, name: str, now: str) -> None:
    """Let an item rest whose key was shown."""
    state["retired"][name] = later(now, days=quiz["retire"])


def resting(state: Json, now: str) -> list[str]:
    """Return the items that are retired now."""
    return [name for name, until in state["retired"].items() if until > now]


def note(quiz: Json, state: State, entry: Json, now: str) -> None:
    """Make or move the card of an entry that an attempt settled.

    A wrong answer puts the card into box 0, a right one leaves it where it is.
    """
    item = items_of(quiz).get(entry["id"])
    if item is None or not quiz["review"]:
        return
    right = entry["state"] == "right"
    card = state["deck"].get(item["family"])
    if card is None or not right:
        card = {"entry": None, **_schedule(quiz, 0, now)}
    card |= {"item": entry["id"], "variant": entry["variant"]}
    card["alarm"] = not right and confidence(entry) == "sure"
    state["deck"][item["family"]] = card


def ask(quiz: Json, state: State, event: Json) -> None:
    """Draw the question of a due card, unless one is open on it already.

    A sibling comes first, the least seen one that does not rest; without a sibling
    it is the next variant of the same item.
    """
    family, now = event["family"], event["now"]
    if family not in due(quiz, state, now):
        return
    card = state["deck"][family]
    if card["entry"] and card["entry"]["state"] == "open":
        return
    kin = [item for item in quiz["items"] if item["family"] == family]
    siblings = [item for item in kin if item["id"] != card["item"]]
    seed = f"review|{family}|{card['due']}"
    asked = sampler.in_order(
        siblings or kin, sampler.h53(seed), state["seen"], resting(state, now)
    )[0]
    number = None if siblings else (card["variant"] + 1) % asked["variants"]
    card["entry"] = fresh_entry(asked, seed, number)
    state["seen"][asked["id"]] = state["seen"].get(asked["id"], 0) + 1


def review(quiz: Json, state: State, event: Json) -> None:
    """Use one try on the question of a card."""
    entry = _open_entry(state, event["family"])
    item = items_of(quiz).get(entry["id"]) if entry else None
    if entry and item:
        add_try(item, entry, event)
        _settle(quiz, state, event)


def review_give_up(quiz: Json, state: State, event: Json) -> None:
    """Settle the question of a card as wrong."""
    entry = _open_entry(state, event["family"])
    if entry:
        entry["state"] = "wrong"
        _settle(quiz, state, event)


def reviewed(quiz: Json, state: State, event: Json) -> None:
    """Move a card whose family was reviewed in the deck of another quiz.

    The event carries what that review recorded: `item`, `variant`, `right`, `points`,
    `confidence`. A card that is not due yet moves as after an answer in an attempt.
    """
    family, now = event["family"], event["now"]
    card = state["deck"].get(family)
    if card is None:
        return
    if not event["right"] or family in due(quiz, state, now):
        card |= _schedule(quiz, _next_box(quiz, card, event), now)
        card["entry"] = None
    card |= {"item": event["item"], "variant": event["variant"]}
    card["alarm"] = not event["right"] and event.get("confidence") == "sure"
    retire(quiz, state, event["item"], now)


def _open_entry(state: State, family: str) -> State | None:
    entry = (state["deck"].get(family) or {}).get("entry")
    return entry if entry and entry["state"] == "open" else None


def _settle(quiz: Json, state: State, event: Json) -> None:
    """Record a review that came to its end, and say when its card comes back."""
    card, now = state["deck"][event["family"]], event["now"]
    entry = card["entry"]
    if entry["state"] == "open":
        return
    done: dict[str, Any] = {
        "at": now,
        "item": entry["id"],
        "variant": entry["variant"],
        "right": entry["state"] == "right",
        "points": entry["points"],
        "confidence": confidence(entry),
    }
    state["reviews"].append(done)
    retire(quiz, state, entry["id"], now)
    card |= _schedule(quiz, _next_box(quiz, card, done), now)
    card |= {"item": entry["id"], "variant": entry["variant"]}
    card["alarm"] = not done["right"] and done["confidence"] == "sure"


def _next_box(quiz: Json, card: Json, done: Json) -> int:
    """Return the box after a review: up at full worth, back to 0 when wrong."""
    if not done["right"]:
        return 0
    top = len(quiz["review"])
    return min(card["box"] + 1, top) if done["points"] == 1 else card["box"]


def _schedule(quiz: Json, box: int, now: str) -> State:
    waits = quiz["review"]
    return {
        "box": box,
        "due": later(now, days=waits[box]) if box < len(waits) else None,
    }


def fit(quiz: Json, state: State, now: str) -> None:
    """Fit rests and cards to the clock and to the pool as they are now.

    What lies further away than a full wait comes from a clock that was set back. A
    card follows its item into another family; a question that changed is drawn anew.
    """
    rest = later(now, days=quiz["retire"])
    for name, until in state["retired"].items():
        state["retired"][name] = min(until, rest)
    _rename(quiz, state)
    revisions = {item["id"]: item["rev"] for item in quiz["items"]}
    waits = quiz["review"]
    for card in state["deck"].values():
        entry = card["entry"]
        if entry and revisions.get(entry["id"]) != entry["rev"]:
            card["entry"] = None
        if card["due"] is not None and waits:
            wait = waits[min(card["box"], len(waits) - 1)]
            card["due"] = min(card["due"], later(now, days=wait))


def _rename(quiz: Json, state: State) -> None:
    """Put cards under the family that their item has now; of two, keep the lower."""
    items, deck = items_of(quiz), state["deck"]
    families = {item["family"] for item in quiz["items"]}
    for name in sorted(set(deck) - families):
        item = items.get(deck[name]["item"])
        if item is None:
            continue
        card, other = deck.pop(name), deck.get(item["family"])
        if other is not None:
            alarm = card["alarm"] or other["alarm"]
            pair = (other, card)
            card = min(pair, key=lambda c: (c["box"], c["due"] or "~")) | {
                "alarm": alarm
            }
        deck[item["family"]] = card
