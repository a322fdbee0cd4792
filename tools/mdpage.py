"""What the rules of the book speak of: a page as headings, prose, cells, directives.

Code, math, and the targets of roles are not prose: in the text of a block a placeholder
stands for each. Line numbers count from 1 in the file, inside directives too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: Stands for code, math, and roles in the text of a block; counts as one word.
CODE = "⟦code⟧"
#: Tags of a cell whose input the page hides.
HIDING = {"hide-input", "remove-input", "hide-cell", "remove-cell"}


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


def glossary_terms(page: Page) -> set[str]:
    """Return the terms that a page's glossary defines, in lower case."""
    return {
        line.strip().lower()
        for directive in page.named("glossary")
        for line in directive.body.splitlines()
        if line.strip() and not line.startswith(" ")
    }
