"""Mutants of a program: copies with one slip each, for checks to find.

Checks that accept a mutant would accept a reader's slip of the same kind. What the
slips are stands in `operators`.
"""

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from selfcheck.confusions import note_names
from selfcheck.operators import OPERATORS, Change

MOST = 40
LONGEST = 88  # characters of a line that a name shows
MARGIN = 24  # characters shown around the difference of longer lines


@dataclass(frozen=True)
class Mutant:
    """A program with one slip.

    `name` shows the line before and after; it stays the same when lines move.
    """

    operator: str
    line: int
    name: str
    source: str

    def __str__(self) -> str:
        """Return the slip as a message tells it."""
        return f"line {self.line}: {self.name}"


def mutants(source: str, most: int = MOST) -> list[Mutant]:
    """Return different mutants of a program, at most `most`, by line.

    The same program gives the same ones. Where there are too many, every operator
    keeps some before any of them keeps more. Raises SyntaxError for no program.
    """
    tree = ast.parse(source)
    note_names(tree)
    before = ast.unparse(tree)
    seen, count = {before}, dict[str, int]()
    found: dict[str, list[Mutant]] = {}
    for operator, line, after in _variations(tree):
        if after in seen or not _compiles(after):
            continue
        seen.add(after)
        name = describe(before, after)
        count[name] = count.get(name, 0) + 1
        if count[name] > 1:
            name += f" (place {count[name]})"
        found.setdefault(operator, []).append(Mutant(operator, line, name, after))
    chosen = _take_turns([_mixed(group) for group in found.values()], most)
    return sorted(chosen, key=lambda mutant: (mutant.line, mutant.name))


def _variations(tree: ast.Module) -> Iterator[tuple[str, int, str]]:
    """Yield operator, line, and text of every change; duplicates included."""
    for parent, field, index, node in _sites(tree):
        for operator in OPERATORS:
            for new in operator(node):
                place = _line(node) or _line(parent)
                kind = operator.__name__.replace("_", "-")
                yield kind, place, _with(tree, parent, field, index, new)


def _sites(tree: ast.Module) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Yield every node that may be changed, with the place it stands in."""
    todo: list[ast.AST] = [tree]
    while todo:
        parent = todo.pop(0)
        for field, value in ast.iter_fields(parent):
            if field in ("annotation", "returns", "type_params"):
                continue
            for index, node in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(node, ast.AST):
                    yield parent, field, index if value is not node else None, node
                    todo.append(node)


def _with(
    tree: ast.Module, parent: ast.AST, field: str, index: int | None, new: Change
) -> str:
    """Return the program with something else at one place; the tree stays."""
    old = getattr(parent, field)
    if index is None:
        changed = new
    else:
        changed = [*old[:index], *(new if isinstance(new, list) else [new])]
        changed += old[index + 1 :]
    setattr(parent, field, changed)
    try:
        return ast.unparse(ast.fix_missing_locations(tree))
    finally:
        setattr(parent, field, old)


def _line(node: ast.AST) -> int:
    """Return the first line of a node, 0 when it has none of its own."""
    for inner in ast.walk(node):
        if line := getattr(inner, "lineno", 0):
            return line
    return 0


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def describe(before: str, after: str) -> str:
    """Return what was changed between two programs, as one line of text."""
    old, new = before.splitlines(), after.splitlines()
    while old and new and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    gone, came = (
        "; ".join(line.strip() for line in lines if line.strip())
        for lines in (old, new)
    )
    if not came or came == "pass":
        return f"`{_cut(gone)}` is deleted"
    if not gone:
        return f"`{_cut(came)}` is added"
    if max(len(gone), len(came)) > LONGEST:
        gone, came = _difference(gone, came)
    return f"`{_cut(gone)}` becomes `{_cut(came)}`"


def _difference(a: str, b: str) -> tuple[str, str]:
    """Return two texts without most of what they have in common at both ends."""
    start = _common(a, b)
    a, b = a[max(0, start - MARGIN) :], b[max(0, start - MARGIN) :]
    end = max(0, _common(a[MARGIN:][::-1], b[MARGIN:][::-1]) - MARGIN)
    a, b = (part[: len(part) - end] + "…" * bool(end) for part in (a, b))
    return ("…" + a, "…" + b) if start > MARGIN else (a, b)


def _common(a: str, b: str) -> int:
    """Return how many characters two texts begin with together."""
    pairs = enumerate(zip(a, b, strict=False))
    return next((n for n, (x, y) in pairs if x != y), min(len(a), len(b)))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _mixed(group: list[Mutant]) -> list[Mutant]:
    """Return mutants in an order without favor for the top of a program."""
    return sorted(group, key=lambda m: hashlib.sha256(m.name.encode()).hexdigest())


def _take_turns(groups: list[list[Mutant]], most: int) -> list[Mutant]:
    chosen: list[Mutant] = []
    for turn in range(max(map(len, groups), default=0)):
        chosen += [group[turn] for group in groups if turn < len(group)]
    return chosen[:most]
