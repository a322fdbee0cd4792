"""Which programs stand behind an item: its evidence, key, and wrong answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from selfcheck.model import AnyItem, Choice, Code, Multiple, Numeric, Output, ShortText
from selfcheck.variants import Values, combinations, fill

Loc = tuple[int | str, ...]


class PatchError(ValueError):
    """The text that a patch replaces does not stand in the program exactly once."""

    def __init__(self, message: str, loc: Loc) -> None:
        super().__init__(message)
        self.loc = loc


@dataclass(frozen=True)
class Program:
    """Code to run for one variant of an item.

    `role` is "evidence", "key", or "trap.<j>"; with an `expression` its value is the
    answer and `source` runs before it, otherwise what `source` prints is.
    """

    variant: int
    role: str
    source: str
    expression: str | None
    loc: Loc


def programs(item: AnyItem) -> list[Program]:
    """Return what has to be run for all variants of an item.

    Raises PatchError when a patch does not fit its program.
    """
    found: list[Program] = []
    for number, values in enumerate(combinations(item)):
        if item.evidence is not None:
            source = fill(item.evidence, values)
            found.append(Program(number, "evidence", source, None, ("evidence",)))
        if isinstance(item, Output):
            found += _outputs(item, number, values)
        if isinstance(item, Numeric):
            found += _numbers(item, number, values)
    return found


def _outputs(item: Output, number: int, values: Values) -> Iterator[Program]:
    code = fill(item.code, values)
    yield Program(number, "key", code, None, ("code",))
    for j, trap in enumerate(item.wrong):
        if trap.patch is None:
            continue
        old, new = (fill(part, values) for part in trap.patch)
        if code.count(old) != 1:
            raise PatchError(
                f"`wrong.{j}.patch`: expected {old!r} exactly once in the program of "
                f"variant {number}, found it {code.count(old)} times; quote more of "
                "the line",
                ("wrong", j, "patch"),
            )
        source = code.replace(old, new)
        yield Program(number, f"trap.{j}", source, None, ("wrong", j, "patch"))


def _numbers(item: Numeric, number: int, values: Values) -> Iterator[Program]:
    setup = fill(item.setup or "", values)
    yield Program(number, "key", setup, fill(item.answer, values), ("answer",))
    for j, trap in enumerate(item.traps):
        expression = fill(trap.expr, values)
        yield Program(number, f"trap.{j}", setup, expression, ("traps", j, "expr"))


def reference(item: Code, folder: Path) -> str:
    """Return the reference solution of a coding item; raise OSError without one."""
    return (folder / item.id / item.reference).read_text(encoding="utf-8")


def texts_of(item: AnyItem) -> list[str]:
    """Return every text of an item in which a value of `vary` may be named."""
    found = [item.prompt, item.evidence or ""]
    if isinstance(item, Choice | Multiple):
        keys = [item.key] if isinstance(item, Choice) else item.keys
        found += [part.text + part.why for part in (*keys, *item.wrong)]
    elif isinstance(item, Output):
        found += [item.code, item.why, *(str(trap) for trap in item.wrong)]
    elif isinstance(item, Numeric):
        found += [item.answer, item.setup or "", item.why, *map(str, item.traps)]
    elif isinstance(item, ShortText):
        found += [*item.accept, item.why, *map(str, item.traps)]
    return found
