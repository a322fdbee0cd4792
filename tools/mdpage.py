"""Read a page of the book into what its rules speak of: prose, cells, headings.

Code, math, and the targets of roles are not prose: in the text of a block a placeholder
stands for each. Line numbers count from 1 in the file, inside directives too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser
from ruamel.yaml import YAML

#: Stands for code, math, and roles in the text of a block; counts as one word.
CODE = "⟦code⟧"
#: Directives whose body is prose of the book.
PROSE = {"admonition", "note", "tip", "warning", "important", "seealso", "dropdown"}
PROSE |= {"exercise", "solution", "figure", "glossary", "margin", "sidebar"}
HIDING = {"hide-input", "remove-input", "hide-cell", "remove-cell"}
DIRECTIVE = re.compile(r"\{([\w:+.-]+)\}[ \t]*(.*)")
TEXT_ROLES = {"doc", "ref", "term", "numref"}


@dataclass(frozen=True)
class Heading:
    """A heading, with the label that stands before it, if one does."""

    level: int
    text: str
    line: int
    label: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph, list item, table cell, or caption.

    `text` keeps the line breaks of the source, so that a place in it has a line.
    """

    text: str
    line: int
    section: str
    inside: tuple[str, ...] = ()
    bold: tuple[str, ...] = ()
    roles: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> int:
        """How many words the block has; a piece of code is one."""
        return len(re.findall(rf"{CODE}|[\w'’-]+", self.text))

    @property
    def is_item(self) -> bool:
        """Whether the block stands in a list."""
        return "list" in self.inside

    def line_of(self, position: int) -> int:
        """Return the line of the file that a position of the text is on."""
        return self.line + self.text.count("\n", 0, position)


@dataclass(frozen=True)
class Cell:
    """An executed cell; `line` is the first of its code."""

    source: str
    line: int
    section: str
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def hidden(self) -> bool:
        """Whether the page hides the input."""
        tags = self.options.get("tags", [])
        return bool(
            {"hide-input", "remove-input", "hide-cell", "remove-cell"} & {*tags}
        )


@dataclass(frozen=True)
class Directive:
    """Any directive but a code cell."""

    name: str
    argument: str
    body: str
    line: int
    section: str
    options: dict[str, Any]


@dataclass
class Page:
    """A page of the book, taken apart."""

    path: Path
    front: dict[str, Any] = field(default_factory=dict)
    headings: list[Heading] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    directives: list[Directive] = field(default_factory=list)
    labels: dict[str, int] = field(default_factory=dict)
    #: Kinds of what stands on the page, in order: heading, prose, cell, directive.
    order: list[tuple[str, int]] = field(default_factory=list)

    @property
    def slug(self) -> str:
        """The name that the files of a chapter share."""
        return self.path.stem

    def named(self, *names: str) -> list[Directive]:
        """Return the directives of these names."""
        return [d for d in self.directives if d.name in names]

    def section(self, heading: str) -> list[Block]:
        """Return the blocks under a heading of the second level."""
        return [b for b in self.blocks if b.section == heading]


@lru_cache
def parser() -> MarkdownIt:
    """Return MyST's own parser, with the extensions that the book uses."""
    extensions = {"amsmath", "attrs_block", "attrs_inline", "colon_fence"}
    extensions |= {"deflist", "dollarmath", "substitution"}
    return create_md_parser(MdParserConfig(enable_extensions=extensions), RendererHTML)


def read_page(path: Path) -> Page:
    """Read a page of the book."""
    return parse_page(path, path.read_text(encoding="utf-8"))


def parse_page(path: Path, text: str) -> Page:
    """Take the MyST source of a page apart."""
    page = Page(path)
    _Reader(page).read(text, offset=0, inside=())
    return page


def split_options(content: str) -> tuple[dict[str, Any], str, int]:
    """Split a directive's content into options, body, and the lines before the body."""
    lines = content.splitlines()
    if lines and lines[0].strip() == "---":
        end = next((i for i, s in enumerate(lines[1:], 1) if s.strip() == "---"), 0)
        head, used = lines[1:end], end + 1
    else:
        used = next(
            (i for i, s in enumerate(lines) if not s.startswith(":")), len(lines)
        )
        head = [line[1:].replace(":", ": ", 1) for line in lines[:used]]
    options = YAML(typ="safe").load("\n".join(head)) if head else {}
    return options or {}, "\n".join(lines[used:]), used


class _Reader:
    """Walks the tokens of a text and fills a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.section = ""
        self.label = ""

    def read(self, text: str, offset: int, inside: tuple[str, ...]) -> None:
        """Read a text whose first line is line `offset + 1` of the file."""
        tokens = parser().parse(text, {})
        stack = list(inside)
        heading = 0
        for token in tokens:
            line = offset + (token.map[0] if token.map else 0) + 1
            if token.type == "front_matter":
                self.page.front = YAML(typ="safe").load(token.content) or {}
            elif token.type == "myst_target":
                self.label = token.content
                self.page.labels[token.content] = line
            elif token.type == "heading_open":
                heading = int(token.tag[1])
            elif token.type == "inline":
                self._inline(token, line, heading, tuple(stack))
                heading = 0
            elif token.type in ("fence", "colon_fence"):
                self._fence(token, line, tuple(stack))
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                stack.append("list")
            elif token.type in ("bullet_list_close", "ordered_list_close"):
                stack.pop()
            elif token.type in ("math_block", "amsmath"):
                self.page.order.append(("prose", line))

    def _inline(
        self, token: Token, line: int, heading: int, inside: tuple[str, ...]
    ) -> None:
        text, bold, roles = flatten(token.children or [])
        if heading:
            if heading <= 2:
                self.section = text if heading == 2 else ""
            self.page.headings.append(Heading(heading, text, line, self.label))
            self.label = ""
            self.page.order.append(("heading", line))
            return
        block = Block(text, line, self.section, inside, tuple(bold), tuple(roles))
        self.page.blocks.append(block)
        self.page.order.append(("prose", line))

    def _fence(self, token: Token, line: int, inside: tuple[str, ...]) -> None:
        match = DIRECTIVE.match(token.info)
        if not match:
            self.page.order.append(("listing", line))
            return
        name, argument = match.groups()
        options, body, used = split_options(token.content)
        if name == "code-cell":
            self.page.cells.append(Cell(body, line + 1 + used, self.section, options))
            self.page.order.append(("cell", line))
            return
        self.page.directives.append(
            Directive(name, argument.strip(), body, line, self.section, options)
        )
        self.page.order.append(("directive", line))
        if name in PROSE:
            kind = str(options.get("class", name))
            if name == "glossary":
                body, used = _plain_glossary(token.content), 0
            self.read(body, line + used, (*inside, name, kind))


def _plain_glossary(content: str) -> str:
    """Blank a glossary's terms and outdent their definitions; lines stay in place."""
    lines = []
    for line in content.splitlines():
        lines.append(line[2:] if line.startswith("  ") else "")
    return "\n".join(lines)


def flatten(tokens: list[Token]) -> tuple[str, list[str], list[tuple[str, str]]]:
    """Return the prose of an inline token, what is bold in it, and its roles."""
    parts: list[str] = []
    bold: list[str] = []
    roles: list[tuple[str, str]] = []
    start = 0
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif token.type == "text":
            parts.append(token.content)
        elif token.type == "strong_open":
            start = len(parts)
        elif token.type == "strong_close":
            bold.append("".join(parts[start:]).replace("\n", " "))
        elif token.type == "myst_role":
            name = token.meta["name"]
            roles.append((name, token.content))
            parts.append(_role_text(name, token.content))
        elif token.type in ("code_inline", "math_inline", "math_single", "image"):
            parts.append(CODE)
    return "".join(parts), bold, roles


def _role_text(name: str, content: str) -> str:
    title = re.match(r"(.*\S)\s*<[^>]+>$", content, re.DOTALL)
    if title:
        return title.group(1)
    return content if name == "term" else CODE


def glossary_terms(page: Page) -> set[str]:
    """Return the terms that a page's glossary defines, in lower case."""
    return {
        line.strip().lower()
        for directive in page.named("glossary")
        for line in directive.body.splitlines()
        if line.strip() and not line.startswith(" ")
    }
