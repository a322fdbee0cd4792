"""A quiz or an exam on the terminal: the sampler, rules, and record of the page."""

import secrets
from collections.abc import Mapping
from typing import Any

from selfcheck import payload, state, terminal
from selfcheck.asking import Command, Console
from selfcheck.config import Config
from selfcheck.desk import Desk
from selfcheck.exam import ExamFile
from selfcheck.keys import Keys
from selfcheck.load import PoolFile
from selfcheck.progress import Store, now
from selfcheck.waiting import WHY, left, wait

Json = Mapping[str, Any]


class GoneError(RuntimeError):
    """The attempt that was being taken is not in the record any more."""


class Taking:
    """One sitting over an attempt that is kept in the store."""

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
        self.console, self.say = console, console.say
        self.store = store
        self.now = store.quiz(self.quiz["quiz"])
        self._started = ""

    def do(self, **event: Any) -> None:
        """Apply an event; what it changes is stored before anything is said."""
        self.now = self.store.apply(self.quiz, event)
        while self.store.notes:
            self.say(terminal.style(self.store.notes.pop(0), "wrong"))

    def run(self, seed: str | None = None) -> None:
        """Take an attempt to its end, or as far as the reader and the gate allow."""
        self.do(type="load")
        resumed = state.current(self.now)
        if resumed and seed and resumed["seed"] != seed:
            self.say(
                f"An attempt with the seed {resumed['seed']} is open and comes first; "
                "with --practice you can take another beside it."
            )
        try:
            if resumed is None:
                if not wait(self):
                    return
                self.do(type="start", seed=seed or secrets.token_hex(4))
            self._introduce(resumed=resumed is not None)
            self._ask_all()
        except (Command, KeyboardInterrupt):
            self._leave()
        except GoneError as error:
            self.say(str(error))
        else:
            self._close()

    def attempt(self) -> dict[str, Any]:
        """Return the attempt of this sitting; raise GoneError when it is no more."""
        attempts = self.now["rounds"][-1]["attempts"] if self.now["rounds"] else []
        if not attempts or attempts[-1]["started"] != self._started:
            raise GoneError(
                "This attempt is not in your record any more: it was ended or "
                f"forgotten elsewhere. `selfcheck take {self.quiz['quiz']}` begins "
                "another."
            )
        return attempts[-1]

    def _introduce(self, *, resumed: bool) -> None:
        attempt, quiz = state.current(self.now), self.quiz
        if attempt is None:
            raise GoneError("No attempt could be begun; another sitting has ended it.")
        self._started = attempt["started"]
        number = len(self.now["rounds"][-1]["attempts"])
        must = " and ".join(quiz["pass"]["must"])
        rest = f" with every {must} question right" if must else ""
        begun = "You go on with attempt" if resumed else "Attempt"
        title = f"{quiz['title']}: {len(attempt['items'])} questions"
        self.say(terminal.style(title, "bold"))
        self.say(
            f"{begun} {number} of {quiz['attempts']} in this round; "
            f"it passes at {quiz['pass']['at_least']:g} points{rest}."
        )
        self.say(
            terminal.style(f"Seed {attempt['seed']}. :help lists commands.", "dim")
        )
        if due := len(state.due(quiz, self.now, now())):
            self.say(
                f"{due} of its questions are due: `selfcheck review {quiz['quiz']}`."
            )

    def _ask_all(self) -> None:
        """Ask what is open, and what was skipped again, until nothing is."""
        while opened := self._open():
            for place, name in opened:
                total = len(self.attempt()["items"])
                self.desk.ask(f"{place}/{total}", Asked(self, name))

    def _open(self) -> list[tuple[int, str]]:
        entries = enumerate(self.attempt()["items"], 1)
        return [(n, entry["id"]) for n, entry in entries if entry["state"] == "open"]

    def _leave(self) -> None:
        attempt = state.current(self.now)
        result = state.summary(self.quiz, attempt) if attempt else None
        self.say("")
        if result:
            done = result["of"] - result["open"]
            self.say(
                f"{done} of {result['of']} answered, all kept; "
                f"`selfcheck take {self.quiz['quiz']}` goes on here."
            )
            if result["waiting"] and result["waiting"] == result["open"]:
                self.say("What is left waits for a program.")

    def _close(self) -> None:
        attempt, round_ = self.attempt(), self.now["rounds"][-1]
        result = state.summary(self.quiz, attempt)
        points = f"{result['points']:g} of {result['of']} points."
        verdict = "Passed." if result["passed"] else "Not passed."
        self.say("")
        self.say(terminal.style(points, "bold"))
        self.say(terminal.style(verdict, "right" if result["passed"] else "wrong"))
        for objective in result["missed"]:
            again = f"Read again: {self.desk.sections.told(objective)}"
            self.say(terminal.item("-", again))
        if not state.is_over(self.quiz, round_):
            more = self.quiz["attempts"] - len(round_["attempts"])
            self.say(f"{more} more in this round, with other questions.")
            return
        self._open_keys(attempt)
        if shut := state.gate(self.quiz, self.now, now()):
            self.say("")
            self.say(terminal.plain(WHY))
            self.say(left(shut, now()))
            self.say(f"`selfcheck take {self.quiz['quiz']}` asks what was read.")

    def _open_keys(self, attempt: Json) -> None:
        """Show the keys of what was missed: the round is over."""
        for entry in attempt["items"]:
            if entry["state"] == "wrong":
                self.say("")
                self.say(terminal.style(entry["id"], "head"))
                self.desk.explain(entry, open_=True)


class Asked:
    """The work on one entry of an attempt."""

    counts = True

    def __init__(self, taking: Taking, name: str) -> None:
        self._taking, self._name = taking, name

    def entry(self) -> Json:
        """Return the entry as the record has it."""
        entries = self._taking.attempt()["items"]
        found = [entry for entry in entries if entry["id"] == self._name]
        if not found:
            raise GoneError("The questions of this attempt were exchanged elsewhere.")
        return found[0]

    def answer(self, answer: Json, right: bool, confidence: str | None) -> None:
        """Use a try of the entry."""
        event = {"item": self._name, "answer": answer, "right": right}
        self._taking.do(type="answer", **event, confidence=confidence)

    def give_up(self) -> None:
        """Settle the entry as wrong."""
        self._taking.do(type="give_up", item=self._name)

    def key_is_open(self) -> bool:
        """Say whether the key may be shown: in an attempt, once the round is over."""
        taking = self._taking
        return state.key_is_open(taking.quiz, taking.now, self.entry())
