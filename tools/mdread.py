"""Read a page of the book with MyST's own parser."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser
from ruamel.yaml import YAML

from tools.chapters import ROOT, read_yaml
from tools.mdpage import CODE, Block, Cell, Directive, Heading, Page

#: Directives whose body is prose of the book.
PROSE = {"admonition", "note", "tip", "warning", "important", "seealso", "dropdown"}
PROSE |= {"exercise", "solution", "figure", "glossary", "margin", "sidebar"}
DIRECTIVE = re.compile(r"\{([\w:+.-]+)\}[ \t]*(.*)")


@lru_cache
def parser() -> MarkdownIt:
    """Return MyST's own parser, with the extensions of `_config.yml`."""
    config = read_yaml(ROOT / "_config.yml")
    extensions = set(config["parse"]["myst_enable_extensions"])
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
