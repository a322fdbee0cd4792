"""The gate between rounds on the terminal: what to read, how long to wait, and why."""

import math
from datetime import datetime
from typing import Protocol

from selfcheck import state, terminal
from selfcheck.asking import Console, confirmed
from selfcheck.desk import Desk
from selfcheck.progress import now

WHY = (
    "What was just refuted is easily repeated, and as easily forgotten. A look at the "
    "missed sections and a pause make the next round ask for what stayed."
)


class Sitting(Protocol):
    """What waits: a quiz, its state, and where to speak."""

    quiz: state.Json
    now: state.State
    desk: Desk
    console: Console

    def do(self, **event: object) -> None:
        """Apply an event to the state."""


def wait(sitting: Sitting) -> bool:
    """Say whether an attempt may begin; ask what was read when the gate is shut."""
    quiz, say = sitting.quiz, sitting.console.say
    shut = state.gate(quiz, sitting.now, now())
    if shut is None:
        return True
    say(terminal.style(f"{quiz['title']}: the next round is not open yet", "bold"))
    say(terminal.plain(WHY))
    if shut["sections"]:
        say("Missed in the last round, to be read again:")
    for objective in shut["sections"]:
        say(terminal.item("-", sitting.desk.sections.told(objective)))
    for objective in shut["sections"]:
        anchor = sitting.desk.file.objectives[objective].anchor
        if confirmed(sitting.console, f"Did you read section {anchor} again?"):
            sitting.do(type="visit", objective=objective)
    shut = state.gate(quiz, sitting.now, now())
    if shut is None:
        return True
    say(left(shut, now()))
    say(f"Practice has no gate: `selfcheck take {quiz['quiz']} --practice`.")
    return False


def left(shut: state.Json, at: str) -> str:
    """Say what still keeps the next round shut at the time `at`.

    >>> left({"until": "2026-01-01T10:05:00.000Z", "sections": ["a"]},
    ...      "2026-01-01T10:05:00.000Z")
    'The next round opens when 1 more section was read.'
    """
    parts = []
    if shut["until"] > at:
        seconds = (_time(shut["until"]) - _time(at)).total_seconds()
        minutes = math.ceil(seconds / 60)
        clock = _time(shut["until"]).astimezone().strftime("%H:%M")
        parts.append(f"at {clock}, in {minutes} minute{'s' * (minutes > 1)}")
    if number := len(shut["sections"]):
        one = number == 1
        parts.append(f"when {number} more section{' was' if one else 's were'} read")
    return f"The next round opens {', '.join(parts)}."


def _time(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)
