"""Roles that cite TensorFlow and Keras by file and symbol, at the pinned tag.

``{tfsrc}`tensorflow/python/eager/backprop.py#GradientTape.gradient` `` becomes a link
to the lines of that method at the tag of the pinned version. The symbol is looked up
in the installed wheel, so a citation that no longer holds is a warning, and the strict
build fails. ``{kerassrc}`` does the same for Keras.

C++ sources are not in the wheel: they link to the file at the tag, and
``python book/_ext/tfsrc.py`` lists them for the checklist of a version change. Headers
are in the wheel, so their symbols are checked too.
"""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from docutils import nodes
from docutils.nodes import Node, system_message
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

logger = logging.getLogger(__name__)

Lines = tuple[int, int]
#: Written by TensorFlow's own build: in every installation, in no repository.
GENERATED = re.compile(r"/gen_\w+_ops\.py$")
CPP_SUFFIXES = {".cc", ".h", ".cpp", ".inc"}


@lru_cache
def installed_root(package: str) -> Path | None:
    """Return the folder that holds ``package``, without importing it."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent.parent if spec and spec.origin else None


def _definitions(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, Lines]]:
    """Yield (dotted name, lines) of what ``node`` defines, ``if``/``try`` included."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = min([child.lineno, *(d.lineno for d in child.decorator_list)])
            yield f"{prefix}{child.name}", (first, child.end_lineno or child.lineno)
            yield from _definitions(child, f"{prefix}{child.name}.")
        elif isinstance(child, ast.Assign | ast.AnnAssign):
            targets = child.targets if isinstance(child, ast.Assign) else [child.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    span = (child.lineno, child.end_lineno or child.lineno)
                    yield f"{prefix}{target.id}", span
        elif isinstance(child, ast.If | ast.Try | ast.With):
            yield from _definitions(child, prefix)


@lru_cache
def python_symbols(path: Path) -> dict[str, Lines]:
    """Map each dotted name that a Python file defines to its (first, last) line."""
    symbols: dict[str, Lines] = {}
    for name, lines in _definitions(ast.parse(path.read_text(encoding="utf-8"))):
        symbols.setdefault(name, lines)
    return symbols


@lru_cache
def header_symbols(path: Path) -> dict[str, Lines]:
    """Map each identifier of a C++ header to the first line it stands on."""
    symbols: dict[str, Lines] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        for name in re.findall(r"\w+", line.partition("//")[0]):
            symbols.setdefault(name, (number, number))
    return symbols


def look_up(package: str, file: str, symbol: str) -> tuple[str, str | None]:
    """Find a citation in the installed wheel.

    Returns:
        (URL fragment, problem): the fragment is ``#L10-L20``, or empty when the
        lines are not known; the problem is None, or what no longer holds.
    """
    root = installed_root(package)
    if root is None:
        return "", f"{package} is not installed, so {file} cannot be checked"
    if file.endswith(".py"):
        return _look_up_python(root / file, file, symbol)
    if Path(file).suffix not in CPP_SUFFIXES:
        return "", f"expected a .py, .h or .cc file, received {file}"
    header = root / package / "include" / file
    if not header.exists():
        return "", None
    names = [name for name in re.split(r"::|\.", symbol) if name]
    missing = [name for name in names if name not in header_symbols(header)]
    problem = f"no {missing[0]} in the installed {file}" if missing else None
    return "", problem


def _look_up_python(path: Path, file: str, symbol: str) -> tuple[str, str | None]:
    if not path.exists():
        return "", f"no file {file} in the installed wheel"
    if not symbol:
        return "", None
    lines = python_symbols(path).get(symbol)
    if lines is None:
        return "", f"no {symbol} in the installed {file}"
    return f"#L{lines[0]}-L{lines[1]}", None


class SourceRole(SphinxRole):
    """Cite ``path/to/file.py#Symbol.name`` of one package."""

    def __init__(self, package: str) -> None:
        super().__init__()
        self.package = package

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the citation as a link, with a warning where it does not hold."""
        file, _, symbol = self.text.partition("#")
        fragment, problem = look_up(self.package, file, symbol)
        if problem:
            logger.warning(
                "%s (cited as %r): cite what is there now, or correct the pin",
                problem,
                self.text,
                location=self.get_location(),
                type="tfsrc",
            )
        literal = nodes.literal("", symbol or Path(file).name, classes=["tfsrc"])
        if GENERATED.search(file):
            hint = f"{file}: written when TensorFlow is built, read it in the wheel"
            return [nodes.abbreviation("", "", literal, explanation=hint)], []
        source = self.config.tfsrc_sources[self.package]
        url = f"{source['repository']}/blob/{source['tag']}/{file}{fragment}"
        link = nodes.reference("", "", literal, refuri=url, internal=False)
        link["classes"].append("tfsrc")
        link["reftitle"] = f"{file} at {source['tag']}"
        return [link], []


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the two roles."""
    app.add_config_value("tfsrc_sources", {}, "env", [dict])
    app.add_role("tfsrc", SourceRole("tensorflow"))
    app.add_role("kerassrc", SourceRole("keras"))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def unchecked_citations(book: Path) -> list[str]:
    """List the citations of C++ sources that no wheel can confirm, sorted."""
    pattern = re.compile(r"\{tfsrc\}`([^`]+\.(?:cc|cpp|inc)(?:#[^`]+)?)`")
    return sorted(
        {hit for page in book.glob("*.md") for hit in pattern.findall(page.read_text())}
    )


if __name__ == "__main__":
    sys.stdout.writelines(
        f"{line}\n" for line in unchecked_citations(Path(__file__).parent.parent)
    )
