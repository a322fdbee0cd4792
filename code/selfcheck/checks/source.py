"""Checks of how a submission is written, on its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from selfcheck.checks.base import fail

_STATEMENTS: dict[str, tuple[type[ast.AST], ...]] = {
    "for": (ast.For, ast.comprehension),
    "while": (ast.While,),
    "if": (ast.If, ast.IfExp),
    "with": (ast.With,),
    "try": (ast.Try,),
    "lambda": (ast.Lambda,),
    "global": (ast.Global,),
    "class": (ast.ClassDef,),
}


def uses(submission: Any, name: str) -> None:
    """Fail unless the program uses `name` somewhere.

    Args:
        submission: what the check was given.
        name: "tf.where" (found under any alias), ".numpy" (a method or attribute of
            anything), or a statement: "for", "while", "if", "with", "try", "lambda".
    """
    if _line(submission, name) is None:
        fail(f"expected the program to use `{name}`, it does not")


def does_not_use(submission: Any, name: str) -> None:
    """Fail when the program uses `name` anywhere; names as in `uses`."""
    line = _line(submission, name)
    if line is not None:
        fail(f"expected the program not to use `{name}`, it does in line {line}")


def _line(submission: Any, name: str) -> int | None:
    """The first line that uses `name`."""
    tree = ast.parse(submission.__selfcheck_source__())
    if name in _STATEMENTS:
        found = [
            getattr(node, "lineno", None) or node.iter.lineno  # type: ignore[attr-defined]
            for node in ast.walk(tree)
            if isinstance(node, _STATEMENTS[name])
        ]
    elif name.startswith("."):
        found = [
            node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and node.attr == name[1:]
        ]
    else:
        wanted = _full(name, {"tf": "tensorflow", "np": "numpy"})
        found = [line for line, used in _names(tree) if used == wanted]
    return min(found, default=None)


def _names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every dotted name in the program, aliases resolved, with its line."""
    aliases: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for entry in node.names:
                target = entry.name if entry.asname else entry.name.split(".")[0]
                aliases[entry.asname or target] = target
                yield node.lineno, entry.name
        elif isinstance(node, ast.ImportFrom):
            for entry in node.names:
                full = f"{node.module}.{entry.name}"
                aliases[entry.asname or entry.name] = full
                yield node.lineno, full
    # `where = tf.where` makes one more alias.
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, value = node.targets[0], _dotted(node.value)
            if isinstance(target, ast.Name) and value and "." in value:
                aliases.setdefault(target.id, _full(value, aliases))
    for node in ast.walk(tree):
        text = _dotted(node)
        if text:
            yield node.lineno, _full(text, aliases)  # type: ignore[attr-defined]


def _dotted(node: ast.AST) -> str | None:
    """`a.b.c` for an attribute of a name, the name itself, or None."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = _dotted(node.value)
        return f"{inner}.{node.attr}" if inner else None
    return None


def _full(name: str, aliases: dict[str, str]) -> str:
    head, _, rest = name.partition(".")
    head = aliases.get(head, head)
    return f"{head}.{rest}" if rest else head
