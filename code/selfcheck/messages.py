"""Say what a pool file was expected to hold, what it holds, and what to do."""

import difflib
from collections.abc import Iterator
from typing import Any

from selfcheck import model

# What to do when a field is missing: said in the message, beside what was expected.
_HINTS = {
    "why": "write the refutation: name the idea behind this answer and what holds",
    "misconception": "name the idea that leads here, as in `none-means-zero`",
    "evidence": "write a program that asserts the key",
    "key": "write the right option: {text: …, why: …}",
    "wrong": "write the wrong answers, each with misconception and why",
    "tolerance": "say how far a number may be off, as in {abs: 0.01}",
    "anchor": "name the label of the section that teaches it",
    "id": "give the item a name that stays, of a-z, 0-9, and -",
    "objective": "name one of the pool's objectives",
    "pools": "name those that it draws from, as in [tape, graph]",
}


def of(spot: tuple[int | str, ...], finding: Any) -> str:
    """Say what was expected, what came, and what to do."""
    field = str(spot[-1]) if spot else "pool"
    where = ".".join(str(part) for part in spot if part != "[key]")
    got = short(finding["input"])
    if finding["type"] == "missing":
        hint = _HINTS.get(field, "add it")
        return f"expected `{where}`, found none; {hint}"
    if finding["type"] == "extra_forbidden":
        close = difflib.get_close_matches(field, _fields(), 1)
        advice = f"did you mean `{close[0]}`?" if close else "remove it"
        return f"expected a known key, got `{where}`; {advice}"
    if finding["type"] == "string_type":
        advice = "write one" if finding["input"] is None else "put it in quotes"
        return f"`{where}`: expected text, got {got}; {advice}"
    if finding["type"] == "string_pattern_mismatch":
        pattern = finding["ctx"]["pattern"]
        form = "some text" if pattern == r"\S" else "a name of a-z, 0-9, and -"
        form = "a Python name" if pattern.startswith("^[A-Za-z_]") else form
        return f"`{where}`: expected {form}, got {got}; mend it"
    said = finding["msg"].removeprefix("Value error, ")
    if said.startswith("Input should "):
        said = "expected " + said.removeprefix("Input should ").removeprefix("be ")
    if where.startswith("vary.") and finding["type"].endswith("_type"):
        said = "expected a number, a text, true, or false"
    return f"`{where}`: {said}; got {got}; mend it"


def _fields() -> list[str]:
    fields = [
        field for part in _parts(model.Part) for field in part.model_fields.items()
    ]
    return [info.alias or name for name, info in fields]


def _parts(kind: type[model.Part]) -> Iterator[type[model.Part]]:
    """Yield every kind of mapping that some file may hold."""
    for part in kind.__subclasses__():
        yield part
        yield from _parts(part)


def named(item: Any) -> str:
    """Return `id: ` of a raw item, to begin a message with; empty without an id."""
    name = item.get("id") if isinstance(item, dict) else None
    return f"{name}: " if isinstance(name, str) else ""


def short(value: Any) -> str:
    """Return a value as a message quotes it: at most 50 characters, with its type."""
    if value is None:
        return "nothing"
    text = repr(value)
    text = text if len(text) <= 50 else text[:47] + "…"
    return f"{text} ({type(value).__name__})" if not isinstance(value, str) else text
