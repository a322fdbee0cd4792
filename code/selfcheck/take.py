"""A quiz on the terminal: the sampler, rules, and progress of the page."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from selfcheck import asking, payload, state, terminal
from selfcheck.asking import Command, Console
from selfcheck.config import Config
from selfcheck.keys import Keys
from selfcheck.load import PoolFile
from selfcheck.problems import PoolError
from selfcheck.progress import Store, now
from selfcheck.spoken import Question


class Taking:
    """One sitting. Without a store nothing is kept: that is practice."""

    def __init__(
        self,
        file: PoolFile,
        config: Config,
        keys: Keys,
        console: Console,
        store: Store | None,
    ) -> None:
        self.file, self.config, self.keys = file, config, keys
        self.console, self.say = console, console.say
        self.store = store
        self.quiz = payload.public(file, keys, config.book)
        self.items = {item["id"]: item for item in self.quiz["items"]}
        self.now = store.quiz(self.quiz["quiz"]) if store else state.empty()

    def do(self, **event: Any) -> None:
        """Apply an event; what it changes is stored before anything is said."""
        if self.store:
            self.now = self.store.apply(self.quiz, event)
            while self.store.notes:
                self.say(terminal.style(self.store.notes.pop(0), "wrong"))
        else:
            self.now = state.reduce(self.quiz, self.now, {"now": now(), **event})

    def run(self, seed: str | None = None) -> None:
        """Take an attempt to its end, or as far as the reader goes."""
        self.do(type="load")
        attempt = state.current(self.now)
        if attempt and seed and attempt["seed"] != seed:
            self.say(
                f"An attempt with the seed {attempt['seed']} is open and comes first; "
                "with --practice you can take another beside it."
            )
        if attempt is None:
            self.do(type="start", seed=seed or secrets.token_hex(4))
        self._introduce(resumed=attempt is not None)
        try:
            while self._open():
                for place, entry in self._open():
                    self._question(place, entry)
        except (Command, KeyboardInterrupt):
            self._leave()
            return
        self._close()

    def _open(self) -> list[tuple[int, dict[str, Any]]]:
        attempt = state.current(self.now)
        entries = attempt["items"] if attempt else []
        return [(n, e) for n, e in enumerate(entries, 1) if e["state"] == "open"]

    def _introduce(self, *, resumed: bool) -> None:
        attempt, quiz = state.current(self.now), self.quiz
        if attempt is None:
            return
        total = len(attempt["items"])
        self.say(terminal.style(f"{quiz['title']}: {total} questions", "bold"))
        if not self.store:
            self.say("Practice: nothing counts, nothing is kept, all is explained.")
        else:
            must = " and ".join(quiz["pass"]["must"])
            rest = f" with every {must} question right" if must else ""
            number = len(self.now["rounds"][-1]["attempts"])
            begun = "You go on with attempt" if resumed else "Attempt"
            self.say(
                f"{begun} {number} of {quiz['attempts']} in this round; "
                f"it passes at {quiz['pass']['at_least']:g} points{rest}."
            )
        self.say(
            terminal.style(f"Seed {attempt['seed']}. :help lists commands.", "dim")
        )

    def _question(self, place: int, entry: dict[str, Any]) -> None:
        """Ask until the question is settled or skipped; raise Command to quit."""
        question = Question.of(self.file, self.keys, entry["id"], entry["variant"])
        total = len(self.now["rounds"][-1]["attempts"][-1]["items"])
        self.say("")
        self.say(terminal.style(f"{place}/{total}  {entry['id']}", "head"))
        asking.show(question, entry["order"], self.say)
        name = entry["id"]
        try:
            while self._entry(name)["state"] == "open":
                if question.item.type == "code":
                    answer, right = self._program(question)
                else:
                    answer = asking.read_answer(question, entry["order"], self.console)
                    right = question.is_right(answer)
                self.do(type="answer", item=name, answer=answer, right=right)
                self._respond(question, self._entry(name), answer)
        except Command as command:
            if command.name == "give":
                self.do(type="give_up", item=name)
                self._explain(question, self._entry(name))
            elif command.name != "skip":
                raise

    def _entry(self, name: str) -> dict[str, Any]:
        entries = self.now["rounds"][-1]["attempts"][-1]["items"]
        return next(entry for entry in entries if entry["id"] == name)

    def _respond(
        self, question: Question, entry: Mapping[str, Any], answer: Mapping[str, Any]
    ) -> None:
        if entry["state"] == "right":
            points = f"{entry['points']:g} point" + "s" * (entry["points"] > 1)
            self.say(terminal.style(f"Right, {points}.", "right"))
        elif entry["state"] == "open":
            left = self.items[entry["id"]]["tries"] - len(entry["tries"])
            tries = "1 try" if left == 1 else f"{left} tries"
            self.say(terminal.style(f"Not right. You have {tries} left.", "wrong"))
            return
        else:
            self.say(terminal.style("Not right.", "wrong"))
            for text in question.refutations(answer):
                self.say(terminal.plain(text))
        self._explain(question, entry)

    def _explain(self, question: Question, entry: Mapping[str, Any]) -> None:
        """Show the key when it may be seen, and where to read again when it may not."""
        if entry["state"] == "right":
            self.say(terminal.plain(question.discussion))
        elif not self.store or state.key_is_open(self.quiz, self.now, entry):
            self.say("The key:\n\n" + terminal.plain(question.key) + "\n")
            self.say(terminal.plain(question.discussion))
        else:
            self.say(f"Read again: {self._section(question.item.objective)}")

    def _section(self, objective: str) -> str:
        aim = self.file.pool.objectives[objective]
        return f"section {aim.anchor}. {terminal.plain(aim.text)}"

    def _program(self, question: Question) -> tuple[dict[str, str], bool]:
        """Return a graded program and its verdict; `:edit` and `:run` come before."""
        from selfcheck.grade import GradeError, grade, run_example
        from selfcheck.sandbox import SandboxError

        entry = self.items[question.item.id]
        address = f"{self.quiz['quiz']}/{question.item.id}"
        path = asking.draft(
            self.config.book, self.quiz["quiz"], question, entry["starter"]
        )
        while True:
            self.say(f"Your program: {path}")
            self.say("Enter a file's path, or `grade` for this one; :edit, :run.")
            try:
                line = self.console.ask("> ")
                target = path if line == "grade" else Path(line).expanduser()
                source = target.read_text(encoding="utf-8")
                record = grade(address, source, config=self.config)
                show_record(record, self.say)
                if record.verdict != "refused":
                    return {"source": source}, record.verdict == "right"
            except Command as command:
                if command.name not in ("edit", "run"):
                    raise
                if command.name == "edit":
                    asking.edit(path, self.say)
                    continue
                source = path.read_text(encoding="utf-8")
                show_record(run_example(address, source, config=self.config), self.say)
            except (OSError, UnicodeDecodeError) as error:
                self.say(f"Expected a program to read: {error}")
            except (GradeError, SandboxError, PoolError) as error:
                self.say(f"It could not be graded, and no submission is used: {error}")

    def _leave(self) -> None:
        attempt = state.current(self.now)
        result = state.summary(self.quiz, attempt) if attempt else None
        self.say("")
        if result and self.store:
            done = result["of"] - result["open"]
            self.say(
                f"{done} of {result['of']} answered, all kept; "
                f"`selfcheck take {self.quiz['quiz']}` goes on here."
            )
            if result["waiting"] and result["waiting"] == result["open"]:
                self.say("What is left waits for a program.")

    def _close(self) -> None:
        round_ = self.now["rounds"][-1]
        attempt = round_["attempts"][-1]
        result = state.summary(self.quiz, attempt)
        self.say("")
        self.say(
            terminal.style(f"{result['points']:g} of {result['of']} points.", "bold")
        )
        if not self.store:
            return
        over = state.is_over(self.quiz, round_)
        verdict = "Passed." if result["passed"] else "Not passed."
        self.say(terminal.style(verdict, "right" if result["passed"] else "wrong"))
        for objective in result["missed"]:
            self.say(f"- Read again: {self._section(objective)}")
        if over:
            self._open_keys(attempt)
        else:
            left = self.quiz["attempts"] - len(round_["attempts"])
            self.say(f"{left} more in this round, with other questions.")

    def _open_keys(self, attempt: Mapping[str, Any]) -> None:
        """Show the keys of what was missed: the round is over."""
        for entry in attempt["items"]:
            if entry["state"] == "wrong":
                number = entry["variant"]
                question = Question.of(self.file, self.keys, entry["id"], number)
                self.say("")
                self.say(terminal.style(entry["id"], "head"))
                self._explain(question, entry)


def show_record(record: Any, say: Any) -> None:
    """Print what grading found: the checks, the message, and the output."""
    for check in record.checks:
        mark, name = ("ok", "right") if check.ok else ("no", "wrong")
        say(terminal.style(f"  {mark}  {check.name}", name))
    if record.message:
        say(record.message)
    if record.section:
        say(f"Read again: section {record.section}")
    if record.stdout.strip():
        say("It printed:\n" + record.stdout.rstrip())
