"""Every MyST text of a pool, under a label and with its line."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from selfcheck.load import PoolFile
from selfcheck.model import AnyItem, Choice, Multiple, Order, Output
from selfcheck.variants import combinations, fill, options

Label = tuple[str, int, str]


@dataclass(frozen=True)
class Text:
    """A MyST text of a pool and the line of the file at which it begins."""

    label: Label
    source: str
    line: int


def texts(file: PoolFile) -> Iterator[Text]:
    """Yield every text of a pool to be rendered.

    Labels are `(item, variant, field)` with field prompt, option.<j>,
    option.<j>.why, trap.<j>.why, or why; the text of an objective has the label
    `("", 0, <objective>)`.
    """
    for name, aim in file.pool.objectives.items():
        yield Text(("", 0, name), aim.text, file.line(None, "objectives", name, "text"))
    for item in file.pool.items:
        for number, values in enumerate(combinations(item)):
            for field, source, loc in _fields(item, file.pool.pool):
                text = fill(source, values)
                if field == "prompt" and isinstance(item, Output):
                    text += "\n\n" + fence(fill(item.code, values))
                yield Text((item.id, number, field), text, file.line(item.id, *loc))


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
