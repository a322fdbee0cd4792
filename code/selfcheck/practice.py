"""Practice on the terminal: a sample without limits, outside the record.

Nothing counts. Of a question whose key was shown the record learns one thing: that it
rests before an attempt asks it again.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from selfcheck import payload, sampler, state, terminal
from selfcheck.asking import Command, Console
from selfcheck.config import Config
from selfcheck.desk import Desk
from selfcheck.exam import ExamFile
from selfcheck.keys import Keys
from selfcheck.load import PoolFile
from selfcheck.progress import Store
from selfcheck.rounds import add_try, fresh_entry, items_of

Json = Mapping[str, Any]


class Practice:
    """One sitting of practice; the store is told of shown keys alone."""

    def __init__(
        self,
        file: PoolFile | ExamFile,
        config: Config,
        keys: Keys,
        console: Console,
        store: Store,
    ) -> None:
        self.quiz = payload.public(file, keys, config.book)
        self.desk = Desk(file, keys, config, console, self.quiz)
        self.say, self.store = console.say, store

    def run(self, seed: str | None = None) -> None:
        """Ask the sample of a seed: with one that is given, the same to everybody."""
        entries = self._entries(seed)
        title = f"{self.quiz['title']}: {len(entries)} questions"
        days = self.quiz["retire"]
        self.say(terminal.style(title, "bold"))
        self.say(
            "Practice: nothing counts, all is explained. A question whose key you see "
            f"rests for {days} days before an attempt asks it again."
        )
        try:
            while opened := [e for e in entries if e["state"] == "open"]:
                for entry in opened:
                    place = entries.index(entry) + 1
                    self.desk.ask(f"{place}/{len(entries)}", Practiced(self, entry))
        except (Command, KeyboardInterrupt):
            self.say("")
            return
        points = sum(entry["points"] for entry in entries)
        self.say("")
        self.say(terminal.style(f"{points:g} of {len(entries)} points.", "bold"))

    def _entries(self, seed: str | None) -> list[dict[str, Any]]:
        """Draw as for a reader who has seen nothing; an open attempt's items last."""
        attempt = (
            state.current(self.store.quiz(self.quiz["quiz"])) if not seed else None
        )
        busy = [entry["id"] for entry in attempt["items"]] if attempt else []
        seed = seed or secrets.token_hex(4)
        self.say(terminal.style(f"Seed {seed}. :help lists commands.", "dim"))
        items = items_of(self.quiz)
        drawn = sampler.sample(self.quiz["items"], self.quiz["draw"], seed, {}, busy)
        return [fresh_entry(items[name], seed) for name in drawn]

    def show(self, name: str) -> None:
        """Let the item of a key that was shown rest."""
        self.store.apply(self.quiz, {"type": "show", "item": name})
        while self.store.notes:
            self.say(terminal.style(self.store.notes.pop(0), "wrong"))


class Practiced:
    """The work on one question of practice."""

    counts = False

    def __init__(self, practice: Practice, entry: dict[str, Any]) -> None:
        self._practice, self._entry = practice, entry

    def entry(self) -> Json:
        """Return the entry as it is now."""
        return self._entry

    def answer(self, answer: Json, right: bool, confidence: str | None) -> None:
        """Use a try."""
        item = items_of(self._practice.quiz)[self._entry["id"]]
        add_try(item, self._entry, {"answer": answer, "right": right, "now": ""})
        if self._entry["state"] != "open":
            self._practice.show(self._entry["id"])

    def give_up(self) -> None:
        """Settle the entry as wrong, to see the key."""
        self._entry["state"] = "wrong"
        self._practice.show(self._entry["id"])

    def key_is_open(self) -> bool:
        """Say whether the key may be shown: in practice, always."""
        return True
