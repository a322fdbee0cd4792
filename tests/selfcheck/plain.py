"""The rules of the game once more, as plainly as they can be said: a model for tests.

Nothing of the engine is used: times are datetimes, questions are objects, and what the
engine draws by hashes is looked up in its state and held against what may be drawn.
"""

from datetime import datetime, timedelta
from typing import Any

from tests.selfcheck.plaindeck import Deck
from tests.selfcheck.plainparts import Attempt, Card, Question, when


class Reader(Deck):
    """What is known of a reader after a number of events."""

    def __init__(self) -> None:
        self.rounds: list[list[Attempt]] = []
        self.seen: dict[str, int] = {}
        self.rests: dict[str, datetime] = {}
        self.shut: tuple[datetime, set[str]] | None = None
        self.cards: dict[str, Card] = {}
        self.reviews: list[tuple] = []

    def live(self, quiz: dict, event: dict, after: dict) -> None:
        """Follow an event; `after` is the engine's state, asked for draws alone."""
        self.quiz, self.after, self.at = quiz, after, when(event["now"])
        self.items = {item["id"]: item for item in quiz["items"]}
        getattr(self, event["type"])(event)

    # What is shown of a reader, to be compared with `shape_of` a state.

    def shape(self) -> dict[str, Any]:
        return {
            "rounds": [
                [([q.shape() for q in a.questions], a.over) for a in round_]
                for round_ in self.rounds
            ],
            "seen": self.seen,
            "retired": self.rests,
            "gate": self.shut,
            "deck": {
                name: (c.last, c.box, c.due, c.alarm, c.asked and c.asked.shape())
                for name, c in self.cards.items()
            },
            "reviews": self.reviews,
        }

    # Rules that several events share.

    @property
    def open(self) -> Attempt | None:
        last = self.rounds[-1][-1] if self.rounds else None
        return None if last is None or last.over else last

    def days(self, n: int) -> datetime:
        return self.at + timedelta(days=n)

    def passed(self, attempt: Attempt) -> bool:
        rule = self.quiz["pass"]
        enough = sum(q.points for q in attempt.questions) >= rule["at_least"]
        must = [q for q in attempt.questions if q.stratum in rule["must"]]
        return attempt.over and enough and all(q.verdict == "right" for q in must)

    def round_over(self) -> bool:
        attempts = self.rounds[-1]
        if not attempts[-1].over:
            return False
        return len(attempts) >= self.quiz["attempts"] or any(map(self.passed, attempts))

    def gate(self) -> tuple[datetime, list[str]] | None:
        """Return when the gate may open and what is to be read, if it is shut."""
        if self.shut is None or self.quiz["gate"] == 0:
            return None
        since, sections = self.shut
        aims = {item["objective"] for item in self.quiz["items"]}
        opens = min(since, self.at) + timedelta(minutes=self.quiz["gate"])
        left = sorted(sections & aims)
        return (opens, left) if left or self.at < opens else None

    def rest(self, item: str) -> None:
        self.rests[item] = self.days(self.quiz["retire"])

    def rank(self, item: str) -> tuple[bool, int]:
        """The lower, the sooner an item is drawn."""
        resting = item in self.rests and self.rests[item] > self.at
        return resting, self.seen.get(item, 0)

    def best_of(self, item: str, others: list[str]) -> None:
        assert item in others
        assert self.rank(item) == min(map(self.rank, others))

    def settled(self, question: Question) -> None:
        if question.verdict == "open":
            return
        if question.verdict == "right":
            self.rest(question.item)
        family = self.items.get(question.item, {}).get("family")
        if family is None or not self.quiz["review"]:
            return
        known = self.cards.get(family)
        right = question.verdict == "right"
        last = (question.item, question.variant)
        if known and right:
            known.last, known.alarm = last, False
            return
        alarm = not right and question.doubt == "sure"
        first = self.days(self.quiz["review"][0])
        self.cards[family] = Card(last, 0, first, alarm)

    def close(self) -> None:
        attempt = self.open
        if not attempt or any(q.verdict == "open" for q in attempt.questions):
            return
        attempt.over = True
        if not self.round_over():
            return
        asked = [q for a in self.rounds[-1] for q in a.questions]
        for question in asked:
            self.rest(question.item)
        self.shut = None
        if self.quiz["gate"] and not any(map(self.passed, self.rounds[-1])):
            wrong = {q.item for q in asked if q.verdict == "wrong"} & set(self.items)
            self.shut = self.at, {self.items[name]["objective"] for name in wrong}

    # Events of attempts.

    def start(self, event: dict) -> None:
        self.load(event)
        if self.open or self.gate():
            return
        entries = self.after["rounds"][-1]["attempts"][-1]["items"]
        self.check_draw([entry["id"] for entry in entries])
        if not self.rounds or self.round_over():
            self.rounds.append([])
        self.rounds[-1].append(Attempt([Question.seen_in(e) for e in entries]))
        for entry in entries:
            self.seen[entry["id"]] = self.seen.get(entry["id"], 0) + 1
        self.shut = None

    def check_draw(self, drawn: list[str]) -> None:
        families = [self.items[name]["family"] for name in drawn]
        assert len(set(families)) == len(families), "siblings were drawn together"
        for stratum, count in self.quiz["draw"].items():
            here = [n for n in drawn if self.items[n]["stratum"] == stratum]
            assert len(here) == count
            worst = max(map(self.rank, here), default=(False, 0))
            for item in self.quiz["items"]:
                if item["stratum"] == stratum and item["family"] not in families:
                    assert self.rank(item["id"]) >= worst, "a fresher item was left"

    def answer(self, event: dict) -> None:
        for question in self.open.questions if self.open else []:
            if question.item == event["item"] and question.verdict == "open":
                if question.item not in self.items:
                    return
                question.tries.append((event["right"], event.get("confidence")))
                self.settled(question)
        self.close()

    def give_up(self, event: dict) -> None:
        for question in self.open.questions if self.open else []:
            if (
                event.get("item") in (None, question.item)
                and question.verdict == "open"
            ):
                question.given_up = True
                self.settled(question)
        self.close()

    def finish(self, event: dict) -> None:
        self.give_up({})

    def reset(self, event: dict) -> None:
        self.rounds, self.shut = [], None

    def visit(self, event: dict) -> None:
        if self.shut:
            self.shut = self.shut[0], self.shut[1] - {event["objective"]}

    def show(self, event: dict) -> None:
        if event["item"] in self.items:
            self.rest(event["item"])

    # The page opens: clock and book may have changed.

    def load(self, event: dict) -> None:
        aims = {item["objective"] for item in self.quiz["items"]}
        if self.shut:
            self.shut = min(self.shut[0], self.at), self.shut[1] & aims
        longest = self.days(self.quiz["retire"])
        self.rests = {name: min(t, longest) for name, t in self.rests.items()}
        self.move_cards()
        for card in self.cards.values():
            item = card.asked and self.items.get(card.asked.item)
            if card.asked and (item is None or item["rev"] != card.asked.rev):
                card.asked = None
            if card.due and self.quiz["review"]:
                waits = self.quiz["review"]
                wait = waits[card.box] if card.box < len(waits) else waits[-1]
                card.due = min(card.due, self.days(wait))
        if self.open:
            self.fit(self.open)
        self.close()

    def fit(self, attempt: Attempt) -> None:
        """Follow an open attempt into another edition, question by question."""
        rounds = self.after["rounds"]
        entries = iter(rounds[-1]["attempts"][-1]["items"] if rounds else [])
        left = list(attempt.questions)
        attempt.questions = []
        while left:
            question = left.pop(0)
            item = self.items.get(question.item)
            if question.verdict == "open" and not item:
                others = self.replacements(question, attempt.questions + left)
                if others:
                    question = Question.seen_in(next(entries))
                    self.best_of(question.item, others)
                    count = self.seen.get(question.item, 0)
                    self.seen[question.item] = count + 1
                    attempt.questions.append(question)
                continue
            entry = next(entries)
            if question.verdict == "open" and item["rev"] != question.rev:
                question = Question.seen_in(entry)
            attempt.questions.append(question)
        if not attempt.questions:
            self.rounds[-1].pop()
            self.rounds = [round_ for round_ in self.rounds if round_]

    def replacements(self, gone: Question, others: list[Question]) -> list[str]:
        """Return what may stand for a question that is gone: its stratum, not kin."""
        known = [self.items[q.item] for q in others if q.item in self.items]
        families = {item["family"] for item in known}
        return [
            item["id"]
            for item in self.quiz["items"]
            if item["stratum"] == gone.stratum and item["family"] not in families
        ]
