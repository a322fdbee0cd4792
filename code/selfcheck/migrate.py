"""Bring a progress file of an earlier schema to the one of today; nothing is lost.

Schema 1 knew rounds, what was seen, and what rests. Schema 2 adds the gate, the review
deck, and the stratum of each entry. The deck is folded from the rounds as today's rules
would have made it; the families of the items are not in the file, so a card stands
under the id of its item until `load`, which knows the pool, puts it under the family.
"""

from typing import Any

from selfcheck.rounds import attempts_of, settled_at
from selfcheck.stamps import is_stamp, later

SCHEMA = 2
FIRST_REVIEW = 1  # days; the default of a quiz's first review


def upgrade(data: dict[str, Any]) -> dict[str, Any]:
    """Return a valid progress file as one of today's schema."""
    quizzes = data["quizzes"]
    if data["schema"] < 2:
        quizzes = {name: _second(quiz) for name, quiz in quizzes.items()}
    return data | {"schema": SCHEMA, "quizzes": quizzes}


def _second(quiz: dict[str, Any]) -> dict[str, Any]:
    rounds = [
        round_
        | {
            "attempts": [
                attempt
                | {"items": [{"stratum": ""} | entry for entry in attempt["items"]]}
                for attempt in round_["attempts"]
            ]
        }
        for round_ in quiz["rounds"]
    ]
    fresh = {"retired": {}, "gate": None, "deck": _fold(quiz), "reviews": []}
    return fresh | quiz | {"rounds": rounds}


def _fold(quiz: dict[str, Any]) -> dict[str, Any]:
    """Return the cards that the settled entries of a record make, by item."""
    deck: dict[str, Any] = {}
    for attempt in attempts_of(quiz):
        for entry in attempt["items"]:
            time = settled_at(attempt, entry)
            if entry["state"] == "open" or not is_stamp(time):
                continue
            card = deck.get(entry["id"])
            if card is None or entry["state"] == "wrong":
                card = {"box": 0, "due": later(time, days=FIRST_REVIEW)}
                card |= {"alarm": False, "entry": None}
            place = {"item": entry["id"], "variant": entry["variant"]}
            deck[entry["id"]] = card | place
    return deck
