"""Questions on a terminal: show them, read answers, and never lose either."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from selfcheck import compare, terminal
from selfcheck.articles import TASKS
from selfcheck.progress import folder
from selfcheck.rounds import CONFIDENCES
from selfcheck.spoken import Question

HELP = """\
:skip  come back to this question later     :give  give it up
:quit  stop here; everything is kept        :help  show this
"""
SURE = "g (guess), u (unsure), s (sure), or Enter to leave it open"
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Command(Exception):  # noqa: N818 (a way out, not an error)
    """The reader gave a command in place of an answer; `name` is without its colon."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Console:
    """Where a quiz is taken: standard input and output, or a test."""

    def __init__(
        self,
        read: Callable[[str], str] | None = None,
        write: Callable[[str], Any] | None = None,
    ) -> None:
        # Looked up now: a notebook's kernel puts its own functions in their place.
        self._read, self.say = read or input, write or print

    def ask(self, prompt: str, *, blank: bool = False) -> str:
        """Return a line; raise Command for `:skip`, `:give`, `:quit`, and the like.

        The end of the input counts as `:quit`. A blank line is asked for again,
        unless `blank` says that it is an answer.
        """
        while True:
            try:
                line = self._read(prompt).strip()
            except EOFError:
                raise Command("quit") from None
            if line.startswith(":"):
                matches = [c for c in COMMANDS if c.startswith(line[1:].lower())]
                if matches == ["help"]:
                    self.say(HELP)
                elif len(matches) == 1:
                    raise Command(matches[0])
                else:
                    self.say(f"Expected one of :{', :'.join(COMMANDS)}.")
            elif line or blank:
                return line


COMMANDS = ("skip", "give", "quit", "help", "edit", "run")


def show(question: Question, order: Sequence[int], say: Callable[[str], Any]) -> None:
    """Print a question and its options, lettered in the order of the attempt."""
    say(terminal.plain(question.prompt))
    say("")
    for letter, j in zip(LETTERS, order, strict=False):
        say(terminal.item(f"{letter})", question.options[j]))
    say(terminal.style(TASKS[question.item.type] + " :help lists more.", "dim"))


def read_answer(
    question: Question, order: Sequence[int], console: Console
) -> Mapping[str, Any]:
    """Read one answer to a closed question; ask again until it can be judged."""
    kind = question.item.type
    while True:
        line = console.ask("> ")
        if kind == "numeric" and compare.parse_number(line) is None:
            console.say("Expected a number such as 0.5, -3, 1e-3, or 1/3; no comma.")
        elif kind in ("choice", "multiple", "order"):
            chosen = letters(line, len(order))
            if chosen is None or (kind == "choice" and len(chosen) > 1):
                count = "one letter" if kind == "choice" else "letters"
                last = LETTERS[len(order) - 1]
                console.say(f"Expected {count} from a to {last}, each once.")
                continue
            field = "lines" if kind == "order" else "options"
            return {field: [order[j] for j in chosen]}
        else:
            return {"text": line}


def confidence(console: Console) -> str | None:
    """Ask how sure the reader is, before the verdict; None when they do not say."""
    while True:
        line = console.ask(f"How sure are you? {SURE}: ", blank=True).lower()
        if not line:
            return None
        for said in CONFIDENCES:
            if said.startswith(line):
                return said
        console.say(f"Expected {SURE}.")


def confirmed(console: Console, question: str) -> bool:
    """Ask for a yes; everything else is a no."""
    return console.ask(f"{question} [y/N] ", blank=True).lower() in ("y", "yes")


def letters(line: str, n: int) -> list[int] | None:
    """Read `b`, `a c`, `a, c`, or `ac` as places; None when it is something else."""
    found = line.lower().replace(",", " ").replace(" ", "")
    places = [LETTERS.find(letter) for letter in found]
    unique = len(set(places)) == len(places)
    return places if unique and places and all(0 <= p < n for p in places) else None


def draft(book: str, pool: str, question: Question, starter: str | None) -> Path:
    """Return the file in which a program is written; begin it with the starter."""
    path = folder() / "drafts" / book / pool / f"{question.item.id}.py"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(starter or "", encoding="utf-8")
    return path


def edit(path: Path, say: Callable[[str], Any]) -> None:
    """Open a file in the reader's editor, or say where it is."""
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    common = ("notepad",) if sys.platform == "win32" else ("nano", "vim", "vi")
    found = next((name for name in common if shutil.which(name)), None)
    command = shlex.split(named) if named else [found] if found else []
    if not command:
        return say(f"No editor found; set EDITOR, or open {path} in one of yours.")
    try:
        subprocess.run([*command, str(path)], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        say(f"The editor {command[0]} did not work ({error}); the file is {path}.")
    return None
