"""Due questions of all quizzes on the terminal: alarms first, a family once.

A family may have a card in the deck of its pool and in those of exams. It is asked in
the deck where it is due first, and the others are told what came of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from selfcheck import terminal
from selfcheck.asking import Command, Console
from selfcheck.cards import Deck

Json = Mapping[str, Any]
_RECORDED = ("item", "variant", "right", "points", "confidence")


@dataclass(frozen=True)
class Due:
    """A family that is to be asked, in the deck where it is due first."""

    family: str
    deck: Deck

    @property
    def order(self) -> tuple[bool, str, str]:
        """Alarms come first, then what is due the longest."""
        card = self.deck.card(self.family)
        return not card["alarm"], card["due"], self.family


class Reviewing:
    """One sitting over all that is due."""

    def __init__(
        self, decks: Iterable[Deck], console: Console, pool: str | None = None
    ) -> None:
        self.decks, self.pool = list(decks), pool
        self.console, self.say = console, console.say
        self.done: list[Json] = []

    def waiting(self) -> list[Due]:
        """Return what is due, in the order in which it is asked."""
        first: dict[str, Due] = {}
        for deck in self.decks:
            for family in deck.due(self.pool):
                new, old = Due(family, deck), first.get(family)
                if old is None or deck.card(family)["due"] < old.order[1]:
                    first[family] = new
        alarms = {name for deck in self.decks for name in _alarms(deck)}
        return sorted(
            first.values(), key=lambda due: (due.family not in alarms, *due.order[1:])
        )

    def run(self) -> None:
        """Ask what is due, and what was skipped again, until nothing is."""
        waiting = self.waiting()
        if waiting:
            count = f"{len(waiting)} question{'s' * (len(waiting) > 1)} due for review"
            self.say(terminal.style(count, "bold"))
            self.say(terminal.style(":help lists commands.", "dim"))
        try:
            while waiting:
                for place, due in enumerate(waiting, 1):
                    self._ask(f"{place}/{len(waiting)}", due)
                waiting = self.waiting()
        except (Command, KeyboardInterrupt):
            self.say("")
        self._close()

    def _ask(self, place: str, due: Due) -> None:
        due.deck.do(type="ask", family=due.family)
        entry = due.deck.card(due.family)["entry"]
        if entry is None or entry["state"] != "open":
            return  # reviewed in another sitting meanwhile
        before = len(due.deck.now["reviews"])
        title = due.deck.quiz["title"]
        due.deck.desk.ask(f"{place}  {title}", Reviewed(due))
        if len(due.deck.now["reviews"]) > before:
            self._tell(due, due.deck.now["reviews"][-1])

    def _tell(self, due: Due, record: Json) -> None:
        """Say when the question comes back; let the other decks know."""
        self.done.append(record)
        event = {name: record[name] for name in _RECORDED}
        for deck in self.decks:
            if deck is not due.deck and due.family in deck.now["deck"]:
                deck.do(type="reviewed", family=due.family, **event)
        again = due.deck.card(due.family)["due"]
        comes = f"It comes back on {again[:10]}." if again else "It is learned."
        self.say(terminal.style(comes, "dim"))

    def _close(self) -> None:
        if self.done:
            right = sum(record["right"] for record in self.done)
            self.say(f"{len(self.done)} reviewed, {right} right.")
        left = len(self.waiting())
        if left:
            self.say(f"{left} still due; `selfcheck review` goes on with them.")
            return
        later = sorted(
            card["due"]
            for deck in self.decks
            for name, card in deck.now["deck"].items()
            if card["due"] and (self.pool is None or self.pool in deck.pools(name))
        )
        rest = f" The next one comes on {later[0][:10]}." if later else ""
        self.say(f"Nothing is due.{rest}")


def _alarms(deck: Deck) -> list[str]:
    return [name for name, card in deck.now["deck"].items() if card["alarm"]]


class Reviewed:
    """The work on the question of one card."""

    counts = True

    def __init__(self, due: Due) -> None:
        self._deck, self._family = due.deck, due.family

    def entry(self) -> Json:
        """Return the entry of the card."""
        return self._deck.card(self._family)["entry"]

    def answer(self, answer: Json, right: bool, confidence: str | None) -> None:
        """Use a try of the review."""
        event = {"family": self._family, "answer": answer, "right": right}
        self._deck.do(type="review", **event, confidence=confidence)

    def give_up(self) -> None:
        """Settle the review as wrong."""
        self._deck.do(type="review_give_up", family=self._family)

    def key_is_open(self) -> bool:
        """Say whether the key may be shown: in a review, once it is settled."""
        return True
