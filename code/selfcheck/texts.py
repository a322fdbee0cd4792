"""Every MyST text of a quiz, under a label and with its line."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selfcheck.exam import ExamFile
from selfcheck.load import PoolFile
from selfcheck.model import AnyItem, Choice, Multiple, Order, Output
from selfcheck.variants import combinations, fill, options

Label = tuple[str, int, str]


@dataclass(frozen=True)
class Text:
    """A MyST text of a pool, and at which line of which file it begins."""

    label: Label
    source: str
    line: int
    path: Path


def texts(file: PoolFile | ExamFile) -> Iterator[Text]:
    """Yield every text of a quiz to be rendered.

    Labels are `(item, variant, field)` with field prompt, option.<j>,
    option.<j>.why, trap.<j>.why, or why; the text of an objective has the label
    `("", 0, <objective>)`, in an exam `("", 0, <pool>.<objective>)`.
    """
    yield from aims(file)
    for pool in file.pools:
        yield from _of_items(pool)


def aims(file: PoolFile | ExamFile) -> Iterator[Text]:
    """Yield the text of each objective of a quiz."""
    for pool in file.pools:
        prefix = f"{pool.slug}." if isinstance(file, ExamFile) else ""
        for name, aim in pool.objectives.items():
            line = pool.line(None, "objectives", name, "text")
            yield Text(("", 0, f"{prefix}{name}"), aim.text, line, pool.path)


def _of_items(file: PoolFile) -> Iterator[Text]:
    for item in file.pool.items:
        for number, values in enumerate(combinations(item)):
            for field, source, loc in _fields(item, file.pool.pool):
                text = fill(source, values)
                if field == "prompt" and isinstance(item, Output):
                    text += "\n\n" + fence(fill(item.code, values))
                line = file.line(item.id, *loc)
                yield Text((item.id, number, field), text, line, file.path)


def fence(code: str, language: str = "python") -> str:
    """Return a code fence around `code`, longer than any inside it."""
    marks = "```"
    while marks in code:
        marks += "`"
    return f"{marks}{language}\n{code.rstrip()}\n{marks}"


def _fields(item: AnyItem, pool: str) -> Iterator[tuple[str, str, tuple]]:
    yield "prompt", item.prompt, ("prompt",)
    for j, option in enumerate(options(item, pool)):
        loc = _place(item, option)
        if isinstance(option, str):
            yield f"option.{j}", option, loc
        else:
            yield f"option.{j}", option.text, (*loc, "text")
            yield f"option.{j}.why", option.why, (*loc, "why")
    if isinstance(item, Choice):
        return
    if not isinstance(item, Multiple | Order):
        field = "wrong" if isinstance(item, Output) else "traps"
        for j, trap in enumerate(getattr(item, field, [])):
            yield f"trap.{j}.why", trap.why, (field, j, "why")
    if not isinstance(item, Multiple):
        yield "why", item.why, ("why",)


def _place(item: AnyItem, option: Any) -> tuple[int | str, ...]:
    """Return where an option stands in its item."""
    for field in ("keys", "wrong", "lines", "distractors"):
        listed = getattr(item, field, [])
        if option in listed:
            return field, listed.index(option)
    return ("key",)
