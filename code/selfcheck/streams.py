"""Streams of events for the golden vectors: readers who do anything, at any time.

A stream is `{quizzes, state, steps, expect}`; a step is `{quiz, event, look}` with the
number of the quiz that was in force (a book is upgraded in the middle of a stream)
and what the core says of the state after it. A step with `refused` raised
PoolTooSmallError. Everything is chosen by the hash of the sampler alone.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from selfcheck import sampler, stamps, state

DRAW = {"choice": 3, "multiple": 1, "output": 2, "short": 1, "code": 1}
KINDS = {
    "choice": ("choice", 4, 1),
    "multiple": ("multiple", 5, 1),
    "output": ("output", 0, 2),
    "short": ("numeric", 0, 2),
    "code": ("code", 0, 5),
}
RULES = {
    "draw": DRAW,
    "pass": {"at_least": 6, "must": ["code"]},
    "attempts": 2,
    "gate": 10,
    "retire": 7,
    "review": [1, 3, 7, 21],
}
# minutes between events; a clock is set back or forward now and then
STEPS = [1, 2, 3, 5, 12, 120, 1440] * 5 + [5760, 30240, -180, -43200, 86400]
KINDS_OF_EVENTS = (
    ["answer"] * 26
    + ["start"] * 5
    + ["ask", "review"] * 5
    + ["visit"] * 4
    + ["load", "show", "reviewed", "finish", "give_up", "review_give_up"] * 2
    + ["reset"]
)


def pick(label: str, choices: Sequence[Any]) -> Any:
    """Choose one of `choices` by the hash of `label`."""
    return choices[sampler.h53(label) % len(choices)]


def toy_quiz(name: str, per_slot: int = 3, attempts: int = 2) -> dict[str, Any]:
    """Return a quiz with `per_slot` items for each that is drawn; some are kin."""
    items = []
    for stratum, drawn in DRAW.items():
        for i in range(drawn * per_slot):
            number = i // 2 * 2 if i in (2, 3) else i
            items.append(_item(name, stratum, i, f"{name}-{stratum}-{number}"))
    return {**RULES, "attempts": attempts, "items": items}


def _item(name: str, stratum: str, i: int, family: str) -> dict[str, Any]:
    kind, options, tries = KINDS[stratum]
    return {
        "id": f"{name}-{stratum}-{i}",
        "rev": f"{sampler.h53(f'{name}{stratum}{i}') % 4096:03x}",
        "family": family,
        "stratum": stratum,
        "type": kind,
        "objective": f"aim-{i % 4}",
        "variants": 1 + i % 3,
        "options": options,
        "tries": tries,
    }


def upgraded(quiz: dict[str, Any], label: str) -> dict[str, Any]:
    """Return the quiz of a later edition: items gone, revised, moved, and new."""
    items = []
    for item in quiz["items"]:
        fate = pick(label + item["id"], ["keep"] * 5 + ["gone", "revised", "moved"])
        if fate == "revised":
            item = item | {"rev": label, "variants": 2}
        if fate == "moved":
            item = item | {"family": f"{label}-{item['family']}"}
        if fate != "gone":
            items.append(item)
    new = [_item(label, s, i, f"{label}-{s}-{i}") for s in DRAW for i in range(2)]
    return quiz | {"items": items + new}


def look(quiz: dict, now: dict, time: str, *, closely: bool) -> dict[str, Any]:
    """Return what the core says of a state: all that a page shows of it."""
    last = now["rounds"][-1]["attempts"][-1] if now["rounds"] else None
    seen = {
        "summary": last and state.summary(quiz, last),
        "over": [state.is_over(quiz, round_) for round_ in now["rounds"]],
        "keys": [state.key_is_open(quiz, now, e) for e in last["items"]]
        if last
        else [],
        "gate": state.gate(quiz, now, time),
        "due": state.due(quiz, now, time),
    }
    if closely:
        seen["mastery"] = state.mastery(quiz, now)
        seen["calibration"] = state.calibration([now])
    return seen


Choice = Callable[[int, dict[str, Any]], tuple[int, dict[str, Any]]]


def record(quizzes: list[dict], first: dict, steps: int, choose: Choice) -> dict:
    """Return a stream; `choose(n, state)` gives the quiz's number and the event."""
    now, done = first, []
    for n in range(steps):
        number, event = choose(n, now)
        quiz = quizzes[number]
        step: dict[str, Any] = {"quiz": number, "event": event}
        try:
            now = state.reduce(quiz, now, event)
        except sampler.PoolTooSmallError:
            step["refused"] = True
        closely = n % 10 == 9 or n == steps - 1
        step["look"] = look(quiz, now, event["now"], closely=closely)
        done.append(step)
    return {"quizzes": quizzes, "state": first, "steps": done, "expect": now}


class Chance:
    """A reader whose every move is the hash of a name; the clock is theirs, too."""

    def __init__(self, name: str, quizzes: list[dict], turn: int) -> None:
        self.name, self.quizzes, self.turn = name, quizzes, turn
        self.time = datetime(2026, 3, 1, tzinfo=UTC)

    def __call__(self, n: int, now: dict) -> tuple[int, dict[str, Any]]:
        """Choose the event of step `n`: one that mostly applies to the state."""
        label = f"{self.name}-{n}"
        self.time += timedelta(minutes=pick("time" + label, STEPS))
        number = int(n >= self.turn)
        kind = "start" if n == 0 else pick(label, KINDS_OF_EVENTS)
        if kind == "answer" and not state.current(now) and not label.endswith("7"):
            kind = pick("idle" + label, ["start", "start", "visit", "visit", "ask"])
        event = {"type": kind, "now": stamps.write(self.time)}
        more = getattr(self, f"_{kind}", None)
        if more:
            event |= more(label, self.quizzes[number], now, event["now"])
        return number, event

    def _start(self, label: str, quiz: dict, now: dict, time: str) -> dict:
        return {"seed": label}

    def _answer(self, label: str, quiz: dict, now: dict, time: str) -> dict:
        return self._give_up(label, quiz, now, time) | self._tried(label)

    def _give_up(self, label: str, quiz: dict, now: dict, time: str) -> dict:
        attempt = state.current(now)
        entries = attempt["items"] if attempt else quiz["items"]
        fresh = [entry for entry in entries if entry.get("state") == "open"]
        often = fresh if fresh and not label.endswith("5") else entries
        return {"item": pick("item" + label, often)["id"]}

    def _show(self, label: str, quiz: dict, now: dict, time: str) -> dict:
        return {"item": pick("item" + label, [*quiz["items"], {"id": "gone"}])["id"]}

    def _visit(self, label: str, quiz: dict, now: dict, time: str) -> dict:
        left = (now["gate"] or {}).get("sections") or ["aim-1"]
        return {"objective": pick("aim" + label, left)}

    def _ask(self, label: str, quiz: dict, now: dict, time: str) -> dict:
        cards = state.due(quiz, now, time) or sorted(now["deck"]) or ["none"]
        return {"family": pick("card" + label, cards)}

    def _review_give_up(self, label: str, quiz: dict, now: dict, time: str) -> dict:
        asked = [name for name, card in now["deck"].items() if card["entry"]]
        return {"family": pick("asked" + label, sorted(asked) or ["none"])}

    def _review(self, label: str, quiz: dict, now: dict, time: str) -> dict:
        return self._review_give_up(label, quiz, now, time) | self._tried(label)

    def _reviewed(self, label: str, quiz: dict, now: dict, time: str) -> dict:
        item = pick("elsewhere" + label, quiz["items"])
        right = pick("right" + label, [True, False])
        return {
            "family": item["family"],
            "item": item["id"],
            "variant": 0,
            "right": right,
            "points": pick("points" + label, [1, 0.5]) if right else 0,
            "confidence": pick("sure" + label, [None, "sure"]),
        }

    def _tried(self, label: str) -> dict:
        doubt = pick("sure" + label, [None, "guess", "unsure", "sure", "sure"])
        return {
            "right": pick("right" + label, [True, True, True, False]),
            "answer": {"text": label},
            **({} if label.endswith("3") else {"confidence": doubt}),
        }


def streams() -> list[dict[str, Any]]:
    """Return streams on a pool that is upgraded midway, some on a used record."""
    found = []
    for n in range(16):
        quiz = toy_quiz(f"q{n}", attempts=1 + n % 3)
        if n % 5 == 4:
            quiz |= {"gate": 0, "review": [2], "retire": 0}
        if n == 7:  # names that every object of JavaScript has
            quiz["items"][0] |= {"id": "constructor", "family": "valueOf"}
        quizzes = [quiz, upgraded(quiz, f"new{n}")]
        rest = {pick(f"{n % 4}", quiz["items"])["id"]: "2026-03-01T12:00:00.000Z"}
        first = state.empty() | {"retired": rest if n % 2 else {}}
        chance = Chance(f"run{n}", quizzes, turn=30 + n)
        found.append(record(quizzes, first, 70, chance))
    return found
