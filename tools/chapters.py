"""The chapters of the book: where they are, and what each one's outputs depend on."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import create_nb_reader
from myst_parser.config.main import MdParserConfig
from nbformat import NotebookNode
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent
CODE = ROOT / "code"
#: The files of quizzes, of the book's own and of the one that it explains.
QUIZZES = (
    "book/quizzes/*/*.yaml",
    "tests/selfcheck/data/example/quizzes/*/*.yaml",
)


def read_yaml(path: Path) -> Any:
    """Read a YAML 1.2 file."""
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Chapter:
    """One executed page of the book."""

    docname: str
    notebook: NotebookNode
    root: Path = ROOT

    @property
    def slug(self) -> str:
        """The name that the chapter's files share."""
        return Path(self.docname).name

    @property
    def path(self) -> Path:
        """The MyST source."""
        return self.root / f"{self.docname}.md"

    @property
    def cells(self) -> list[str]:
        """The sources of the code cells."""
        return [c.source for c in self.notebook.cells if c.cell_type == "code"]


def pages(root: Path = ROOT) -> list[str]:
    """Return the docnames of `_toc.yml`, in reading order."""

    def walk(node: Any) -> Iterator[str]:
        if isinstance(node, list):
            for entry in node:
                yield from walk(entry)
        elif isinstance(node, dict):
            name = node.get("root") or node.get("file")
            if name:
                yield name
            for key in ("parts", "chapters", "sections"):
                yield from walk(node.get(key, []))

    return list(walk(read_yaml(root / "_toc.yml")))


def chapters(root: Path = ROOT) -> list[Chapter]:
    """Return the pages that hold code cells, as MyST-NB itself reads them."""
    config = read_yaml(root / "_config.yml")
    extensions = config.get("parse", {}).get("myst_enable_extensions", [])
    markdown = MdParserConfig(enable_extensions=set(extensions))
    found = []
    for docname in pages(root):
        path = root / f"{docname}.md"
        text = path.read_text(encoding="utf-8")
        reader = create_nb_reader(str(path), markdown, NbParserConfig(), text)
        if reader is not None:
            found.append(Chapter(docname, reader.read(text), root))
    return found


def imported_names(source: str) -> set[str]:
    """Return the dotted names that a piece of Python imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def module_files(name: str, code: Path = CODE) -> list[Path]:
    """Return the files that ``import name`` reads from `code/`; none for others."""
    parts = name.split(".")
    files = []
    for depth in range(1, len(parts) + 1):
        base = code.joinpath(*parts[:depth])
        for candidate in (base / "__init__.py", base.with_suffix(".py")):
            if candidate.is_file():
                files.append(candidate)
    return files


@lru_cache
def _file_imports(path: Path, code: Path) -> frozenset[str]:
    source = path.read_text(encoding="utf-8")
    package = ".".join(path.relative_to(code).parent.parts)
    relative = {
        f"{package}.{node.module}" if node.module else f"{package}.{alias.name}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.level == 1
        for alias in node.names
    }
    return frozenset(imported_names(source) | relative)


def dependencies(cells: list[str], code: Path = CODE) -> list[Path]:
    """Return the files of `code/` that the cells reach by imports, sorted."""
    todo = set().union(*(imported_names(cell) for cell in cells)) if cells else set()
    seen: set[str] = set()
    files: set[Path] = set()
    while todo:
        name = todo.pop()
        seen.add(name)
        for path in module_files(name, code):
            if path not in files:
                files.add(path)
                todo |= _file_imports(path, code) - seen
    return sorted(files)


def fingerprint(chapter: Chapter) -> str:
    """Hash all that a chapter's outputs depend on.

    These are its cells, the modules of `code/` that it imports (and those that they
    import), the pins in `requirements.txt`, and the pools of quizzes where a cell loads
    one. Nothing else: a change in prose or in another chapter's module leaves the
    fingerprint, and so the outputs, as they are.
    """
    code = chapter.root / "code"
    digest = hashlib.sha256((chapter.root / "requirements.txt").read_bytes())
    for cell in chapter.cells:
        digest.update(cell.encode() + b"\0")
    for path in dependencies(chapter.cells, code):
        digest.update(path.relative_to(code).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    if any("load_quiz(" in cell for cell in chapter.cells):
        for path in sorted(p for g in QUIZZES for p in chapter.root.glob(g)):
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()
