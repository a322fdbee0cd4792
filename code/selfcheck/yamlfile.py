"""Read YAML 1.2 as plain data, with the line of every key and element."""

from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.scalarstring import FoldedScalarString, LiteralScalarString

from selfcheck.problems import PoolError, Problem

Loc = tuple[int | str, ...]


def nearest(lines: dict[Loc, int], loc: Loc) -> int:
    """Return the line of the deepest part of `loc` that is in the file."""
    while loc and loc not in lines:
        loc = loc[:-1]
    return lines.get(loc, 1)


def parse(path: Path, what: str, form: str) -> tuple[dict[str, Any], dict[Loc, int]]:
    """Return the file as plain data, and the line of each key and element.

    Raises PoolError when it is no mapping; its message says what was expected: `what`
    ("a pool") with the keys of `form` ("pool, title").
    """
    yaml = YAML(typ="rt")
    try:
        data = yaml.load(StringIO(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        said = f"expected {what}, found no such file"
        raise PoolError([Problem(path, 1, "yaml", said)]) from None
    except (YAMLError, UnicodeDecodeError) as error:
        raise PoolError([_yaml_problem(path, error)]) from None
    if not isinstance(data, CommentedMap):
        got = "an empty file" if data is None else "a list or a plain value"
        message = f"expected {what}, a mapping with {form}; got {got}"
        raise PoolError([Problem(path, 1, "yaml", message)])
    lines: dict[Loc, int] = {}
    return _plain(data, (), lines), lines


def _yaml_problem(path: Path, error: Exception) -> Problem:
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return Problem(path, 1, "yaml", f"expected UTF-8 YAML; got: {error}")
    said = (error.problem or "syntax error").strip()
    if error.context:
        said = f"{error.context.strip()}: {said}"
    advice = "mend the indentation, or quote a text with `: `, `#`, `{`, or a backtick"
    if "duplicate key" in said:
        advice = "remove one of the two"
    line, column = error.problem_mark.line + 1, error.problem_mark.column + 1
    message = f"expected YAML; got {said} (column {column}); {advice}"
    return Problem(path, line, "yaml", message)


def _plain(node: Any, loc: Loc, lines: dict[Loc, int]) -> Any:
    if isinstance(node, CommentedMap):
        for key in node:
            spot = node.lc.data.get(key) if node.lc.data else None
            lines[(*loc, key)] = spot[0] + 1 if spot else nearest(lines, loc)
        return {key: _plain(value, (*loc, key), lines) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        for n in range(len(node)):
            lines[(*loc, n)] = node.lc.item(n)[0] + 1
        return [_plain(value, (*loc, n), lines) for n, value in enumerate(node)]
    if isinstance(node, LiteralScalarString | FoldedScalarString) and loc in lines:
        lines[loc] += 1  # the text begins in the line after its `|` or `>`
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node
