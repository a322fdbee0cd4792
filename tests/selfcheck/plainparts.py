"""Questions, attempts, and cards of the plain model, and the engine's state as such."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

LIMITS = {"choice": 1, "multiple": 1, "code": 5}


def when(text: str) -> datetime:
    return datetime.fromisoformat(text)


@dataclass
class Question:
    """One question as it was asked."""

    item: str
    rev: str
    stratum: str
    variant: int
    tries: list[tuple[bool, str | None]] = field(default_factory=list)
    given_up: bool = False

    @classmethod
    def seen_in(cls, entry: dict[str, Any]) -> "Question":
        """Take over what was drawn; a question that was just drawn has no tries."""
        assert entry["tries"] == [] and entry["state"] == "open", entry
        return cls(entry["id"], entry["rev"], entry["stratum"], entry["variant"])

    @property
    def verdict(self) -> str:
        if any(right for right, _ in self.tries):
            return "right"
        used_up = len(self.tries) >= LIMITS.get(self.stratum, 2)
        return "wrong" if self.given_up or used_up else "open"

    @property
    def points(self) -> float:
        if self.verdict != "right":
            return 0
        return 1 if self.stratum == "code" or len(self.tries) == 1 else 0.5

    @property
    def doubt(self) -> str | None:
        return self.tries[0][1] if self.tries else None

    def shape(self) -> tuple:
        head = (self.item, self.rev, self.variant, tuple(self.tries))
        return (*head, self.verdict, self.points)


@dataclass
class Attempt:
    questions: list[Question]
    over: bool = False


@dataclass
class Card:
    """A family in the deck; `last` is what was asked of it last."""

    last: tuple[str, int]
    box: int
    due: datetime | None
    alarm: bool
    asked: Question | None = None


def shape_of(state: dict[str, Any]) -> dict[str, Any]:
    """Return what `Reader.shape` says, of the engine's state."""

    def entry(e: dict | None) -> tuple | None:
        if e is None:
            return None
        tries = tuple((t["right"], t.get("confidence")) for t in e["tries"])
        return e["id"], e["rev"], e["variant"], tries, e["state"], e["points"]

    shut = state["gate"]
    return {
        "rounds": [
            [([entry(e) for e in a["items"]], a["finished"] is not None) for a in r]
            for r in (round_["attempts"] for round_ in state["rounds"])
        ],
        "seen": state["seen"],
        "retired": {name: when(until) for name, until in state["retired"].items()},
        "gate": shut and (when(shut["since"]), set(shut["sections"])),
        "deck": {
            name: (
                (c["item"], c["variant"]),
                c["box"],
                c["due"] and when(c["due"]),
                c["alarm"],
                entry(c["entry"]),
            )
            for name, c in state["deck"].items()
        },
        "reviews": [
            tuple(r[k] for k in ("item", "variant", "right", "points", "confidence"))
            for r in state["reviews"]
        ],
    }
