"""One question on the terminal: asked until it is settled, skipped, or given up.

Attempts, practice, and reviews ask alike. They differ in what an answer does to the
record, and in when a key may be seen: that is their `Work`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from selfcheck import asking, terminal
from selfcheck.asking import Command, Console
from selfcheck.config import Config
from selfcheck.exam import ExamFile
from selfcheck.keys import Keys
from selfcheck.load import PoolFile
from selfcheck.problems import PoolError
from selfcheck.sections import Sections
from selfcheck.spoken import Question

Json = Mapping[str, Any]


class Work(Protocol):
    """What is done to a record while one of its entries is asked."""

    counts: bool

    def entry(self) -> Json:
        """Return the entry as it is now."""

    def answer(self, answer: Json, right: bool, confidence: str | None) -> None:
        """Use a try."""

    def give_up(self) -> None:
        """Settle the entry as wrong."""

    def key_is_open(self) -> bool:
        """Say whether the key of the settled entry may be shown."""


class Desk:
    """Where the questions of one quiz are asked; `quiz` is its public data."""

    def __init__(
        self,
        file: PoolFile | ExamFile,
        keys: Keys,
        config: Config,
        console: Console,
        quiz: Json,
    ) -> None:
        self.file, self.keys, self.config = file, keys, config
        self.console, self.say = console, console.say
        self.items = {item["id"]: item for item in quiz["items"]}
        self.sections = Sections(config, file.objectives)

    def question(self, entry: Json) -> Question:
        """Return the question of an entry."""
        owner = self.file.owner(entry["id"])
        return Question.of(owner, self.keys, entry["id"], entry["variant"])

    def ask(self, place: str, work: Work) -> None:
        """Ask until the entry is settled or skipped; raise Command to leave."""
        entry = work.entry()
        question = self.question(entry)
        self.say("")
        self.say(terminal.style(f"{place}  {entry['id']}", "head"))
        asking.show(question, entry["order"], self.say)
        try:
            while work.entry()["state"] == "open":
                answer, right, confidence = self._answer(question, entry, work)
                work.answer(answer, right, confidence)
                self._respond(question, work, answer)
        except Command as command:
            if command.name == "give":
                work.give_up()
                self.explain(work.entry(), open_=work.key_is_open())
            elif command.name != "skip":
                raise

    def _answer(
        self, question: Question, entry: Json, work: Work
    ) -> tuple[Json, bool, str | None]:
        if question.item.type == "code":
            return *self._program(question), None
        answer = asking.read_answer(question, entry["order"], self.console)
        sure = asking.confidence(self.console) if work.counts else None
        return answer, question.is_right(answer), sure

    def _respond(self, question: Question, work: Work, answer: Json) -> None:
        entry = work.entry()
        if entry["state"] == "right":
            points = f"{entry['points']:g} point" + "s" * (entry["points"] > 1)
            self.say(terminal.style(f"Right, {points}.", "right"))
        else:
            self.say(terminal.style(f"Not right.{self._left(entry)}", "wrong"))
            self._refute(question, answer)
        if entry["state"] != "open":
            self.explain(entry, open_=work.key_is_open())

    def _left(self, entry: Json) -> str:
        left = self.items[entry["id"]]["tries"] - len(entry["tries"])
        tries = "1 try" if left == 1 else f"{left} tries"
        return f" You have {tries} left." if entry["state"] == "open" else ""

    def _refute(self, question: Question, answer: Json) -> None:
        """Say what is wrong with an answer; of a program its checks have spoken."""
        if question.item.type != "code":
            whys = list(question.refutations(answer))
            for text in whys or [question.unrefuted(answer)]:
                self.say(terminal.plain(text))

    def explain(self, entry: Json, *, open_: bool) -> None:
        """Show the key when it may be seen, and where to read again when it may not."""
        question = self.question(entry)
        if entry["state"] == "right":
            self.say(terminal.plain(question.discussion))
            return
        if open_:
            self.say("The key:\n\n" + terminal.plain(question.key) + "\n")
            self.say(terminal.plain(question.discussion))
        objective = self.items[entry["id"]]["objective"]
        self.say(terminal.plain(f"Read again: {self.sections.told(objective)}"))

    def _program(self, question: Question) -> tuple[dict[str, str], bool]:
        """Return a graded program and its verdict; `:edit` and `:run` come before."""
        from selfcheck.grade import GradeError, grade, run_example
        from selfcheck.sandbox import SandboxError

        address = f"{question.pool}/{question.item.id}"
        starter = self.items[question.item.id]["starter"]
        path = asking.draft(self.config.book, question.pool, question, starter)
        while True:
            self.say(f"Your program: {path}")
            self.say("Enter a file's path, or `grade` for this one; :edit, :run.")
            try:
                source = self._source(path)
                record = grade(address, source, config=self.config)
                show_record(record, self.say)
                if record.verdict != "refused":
                    return {"source": source}, record.verdict == "right"
            except Command as command:
                if command.name == "edit":
                    asking.edit(path, self.say)
                elif command.name == "run":
                    source = path.read_text(encoding="utf-8")
                    show_record(
                        run_example(address, source, config=self.config), self.say
                    )
                else:
                    raise
            except (OSError, UnicodeDecodeError) as error:
                self.say(f"Expected a program to read: {error}")
            except (GradeError, SandboxError, PoolError) as error:
                self.say(f"It could not be graded, and no submission is used: {error}")

    def _source(self, draft: Path) -> str:
        line = self.console.ask("> ")
        target = draft if line == "grade" else Path(line).expanduser()
        return target.read_text(encoding="utf-8")


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
