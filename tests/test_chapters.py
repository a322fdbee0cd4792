"""STYLE.md and the anatomy of a chapter, as far as a program can check them.

Each rule is one test for each page of `_toc.yml`; a failure names file and line, what
stands there, and what to do. `python -m tools.style book/tape.md` says the same.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from tools.anatomy import ANATOMY, objectives
from tools.chapters import ROOT, read_yaml
from tools.mdpage import Page
from tools.mdread import read_page
from tools.rules import Rule
from tools.style import PAGE_RULES, chapter_paths, page_paths

PAGES = page_paths()
CHAPTERS = chapter_paths()


@lru_cache
def page(path: Path) -> Page:
    """Read a page once for all rules."""
    return read_page(path)


def named(rules: list[Rule]) -> Any:
    """Parametrize a test by rules, under their names."""
    return pytest.mark.parametrize("rule", rules, ids=lambda rule: rule.name)


def each(paths: list[Path]) -> Any:
    """Parametrize a test by pages, under their slugs."""
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.stem)


def hold(rule: Rule, path: Path) -> None:
    """Fail with one line for each place where a page breaks a rule."""
    found = [finding.show(page(path)) for finding in rule.findings(page(path))]
    assert not found, f"{rule.check.__doc__}\n" + "\n".join(found)


@named(PAGE_RULES)
@each(PAGES)
def test_every_page_keeps(path: Path, rule: Rule) -> None:
    hold(rule, path)


@named(ANATOMY)
@each(CHAPTERS)
def test_every_chapter(path: Path, rule: Rule) -> None:
    hold(rule, path)


def pool(path: Path) -> dict[str, Any]:
    """Read the pool of a chapter."""
    return read_yaml(ROOT / "book" / "quizzes" / path.stem / "pool.yaml")


@each(CHAPTERS)
def test_objectives_of_chapter_and_pool_are_the_same(path: Path) -> None:
    assert sorted(objectives(page(path))) == sorted(pool(path)["objectives"])


@each(CHAPTERS)
def test_every_objective_points_to_a_section_of_the_chapter(path: Path) -> None:
    anchors = [entry["anchor"] for entry in pool(path)["objectives"].values()]
    missing = sorted(set(anchors) - set(page(path).labels))
    assert not missing, f"{path}: add the labels {missing}, or correct the pool"


@each(CHAPTERS)
def test_every_objective_is_met_by_two_items_of_two_types(path: Path) -> None:
    questions = pool(path)
    for objective in questions["objectives"]:
        items = [i for i in questions["items"] if i["objective"] == objective]
        types = {item["type"] for item in items}
        found = f"{objective}: {len(items)} items of {len(types)} types"
        assert len(items) >= 2 and len(types) >= 2, found
