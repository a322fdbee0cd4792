"""The chapters in one table: `make table`.

What the text and the pools hold is counted now; time and memory are those of the last
execution, which the ledger remembers.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from selfcheck import config
from selfcheck.load import load
from tools.anatomy import OUTSIDE_THE_LECTURE, words
from tools.cell_rules import assertions
from tools.chapters import ROOT
from tools.execute import Run, read_ledger
from tools.mdpage import Page
from tools.mdread import read_page
from tools.style import chapter_paths, planned_slugs

HEAD = ("chapter", "seconds", "MB", "words", "cells", "asserts", "exercises", "items")


@dataclass(frozen=True)
class Row:
    """What is counted of one chapter; None where there is nothing to count yet."""

    slug: str
    seconds: float | None
    peak_mb: float | None
    words: int
    cells: int
    asserts: int
    exercises: int
    items: int | None

    def cells_of_table(self) -> list[str]:
        """Return the row as it is printed."""
        return ["–" if v is None else _shown(v) for v in vars(self).values()]


def _shown(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:,.0f}"


def row(page: Page, run: Run | None, items: int | None) -> Row:
    """Count one chapter."""
    prose = [b for b in page.blocks if not OUTSIDE_THE_LECTURE & {*b.inside}]
    return Row(
        page.slug,
        run.seconds if run else None,
        run.peak_mb if run else None,
        words(prose),
        len(page.cells),
        sum(map(assertions, page.cells)),
        len(page.named("exercise", "exercise-start")),
        items,
    )


def rows(root: Path = ROOT) -> list[Row]:
    """Return a row for each written chapter, in the order of the book."""
    ledger, book = read_ledger(root), config.read(root / "book" / "quizzes")
    order = planned_slugs(root)
    paths = sorted(chapter_paths(root), key=lambda path: order.index(path.stem))
    found = []
    for path in paths:
        has_pool = path.stem in book.slugs()
        file = load(book.pool_file(path.stem), book) if has_pool else None
        items = len(file.pool.items) if file else None
        found.append(row(read_page(path), ledger.get(f"book/{path.stem}"), items))
    return found


def table(found: list[Row]) -> str:
    """Return the rows as text, numbers to the right, with sums and greatest values."""
    lines = [list(HEAD), *(each.cells_of_table() for each in found)]
    if found:
        lines.append(_totals(found))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _totals(found: list[Row]) -> list[str]:
    """Seconds and counts add up; of the peaks of memory only the highest says much."""
    shown = ["together"]
    for name in list(vars(found[0]))[1:]:
        values = [v for each in found if (v := getattr(each, name)) is not None]
        join = max if name == "peak_mb" else sum
        shown.append(_shown(join(values)) if values else "–")
    return shown


def main() -> int:
    """Print the table."""
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    found = rows()
    print(table(found))
    if any(each.seconds is None for each in found):
        print("A dash: not executed on this machine yet (`make book`), or no pool yet.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
