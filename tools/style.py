"""Check pages against STYLE.md: `python -m tools.style book/tape.md`."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.anatomy import ANATOMY
from tools.cell_rules import CELL_RULES
from tools.chapters import ROOT, pages, read_yaml
from tools.mdpage import Page
from tools.mdread import read_page
from tools.prose_rules import PROSE_RULES
from tools.rules import Rule

PAGE_RULES = PROSE_RULES + CELL_RULES
ALL_RULES = PAGE_RULES + ANATOMY


def planned_slugs(root: Path = ROOT) -> list[str]:
    """Return the slugs of all chapters of the plan."""
    parts = read_yaml(root / "book" / "plan.yaml")["parts"]
    return [chapter["slug"] for part in parts for chapter in part["chapters"]]


def page_paths(root: Path = ROOT) -> list[Path]:
    """Return the files of all pages in `_toc.yml`."""
    return [root / f"{name}.md" for name in pages(root)]


def chapter_paths(root: Path = ROOT) -> list[Path]:
    """Return the files of the chapters: pages that the plan has, too."""
    slugs = set(planned_slugs(root))
    return [path for path in page_paths(root) if path.stem in slugs]


def rules_for(page: Page, slugs: list[str]) -> list[Rule]:
    """Return the rules that a page must keep; the anatomy binds chapters alone."""
    return ALL_RULES if page.slug in slugs else PAGE_RULES


def main(arguments: list[str] | None = None) -> int:
    """Print what the given pages, or all of them, do not keep."""
    given = sys.argv[1:] if arguments is None else arguments
    slugs = planned_slugs()
    count = 0
    for path in [Path(name) for name in given] or page_paths():
        page = read_page(path)
        for each in rules_for(page, slugs):
            for finding in each.findings(page):
                count += 1
                print(f"{finding.show(page)} [{each.name}]")
    print(f"{count} findings" if count else "Every rule is kept.")
    return int(count > 0)


if __name__ == "__main__":
    sys.exit(main())
