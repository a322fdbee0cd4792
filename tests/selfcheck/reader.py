"""A reader at a terminal: answers by the type of the question that was just shown."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from selfcheck import asking
from selfcheck.asking import Console

KINDS = {
    "Choose one": "choice",
    "Choose every": "multiple",
    "Write down": "output",
    "Put the": "order",
    "Write a pro": "code",
}


class Script:
    """Lines by type of question; RIGHT and WRONG stand for such an answer, ^C leaves.

    `sure` answers how sure the reader is, `read` whether a section was read.
    """

    def __init__(
        self,
        sitting_of: Callable[[Console], Any],
        answers: Mapping[str, Iterable[str]],
        sure: str = "",
        read: str = "",
    ) -> None:
        self.said: list[str] = []
        self.answers = {kind: list(lines) for kind, lines in answers.items()}
        self.sure, self.section = sure, read
        self.console = Console(self.read, self.said.append)
        self.sitting = sitting_of(self.console)

    @property
    def text(self) -> str:
        return "\n".join(self.said)

    def read(self, prompt: str) -> str:
        if prompt.startswith("How sure"):
            return self.sure
        if prompt.startswith("Did you read"):
            return self.section
        kind = self.kind()
        lines = self.answers.get(kind) or self.answers.get("*") or []
        if not lines:
            raise EOFError
        answer = lines.pop(0)
        if answer in ("RIGHT", "WRONG"):
            return self.judged(kind, answer == "RIGHT")
        if answer == "^C":
            raise KeyboardInterrupt
        return answer

    def kind(self) -> str:
        tasks = [line for line in self.said if ":help lists more" in line]
        last = tasks[-1] if tasks else ""
        return next(
            (k for start, k in KINDS.items() if last.startswith(start)), "short"
        )

    def judged(self, kind: str, right: bool) -> str:
        """Return the reader's line for a right or a wrong answer."""
        question, entry = asked.question, asked.entry
        key = question.answers.key
        if kind == "code":
            return "good.py" if right else "bad.py"
        if "options" in key or "lines" in key:
            places = [
                entry["order"].index(j) for j in key.get("options", key.get("lines"))
            ]
            n = len(entry["order"])
            if not right:
                places = [(p + 1) % n for p in places]
            return " ".join(asking.LETTERS[p] for p in places)
        if not right:
            return "99999"
        return str(key.get("text", key.get("value", (key.get("accept") or [""])[0])))


class asked:  # noqa: N801 (one place to look at, not a thing to make)
    """The question that was shown last."""

    question: Any = None
    entry: Any = None


def watch(monkeypatch: Any) -> None:
    """Remember each question that a desk shows."""
    from selfcheck import desk

    original = desk.Desk.question

    def question(self: Any, entry: Any) -> Any:
        asked.question, asked.entry = original(self, entry), entry
        return asked.question

    monkeypatch.setattr(desk.Desk, "question", question)
