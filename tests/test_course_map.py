"""The plan, the course map, and the picture agree with the book that there is."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest
from tools.chapters import ROOT, pages, read_yaml
from tools.mdread import read_page

import coursemap

PLAN = read_yaml(coursemap.PLAN)
COURSES = read_yaml(coursemap.COURSES)["courses"]
CHAPTERS = coursemap.planned_chapters()
WRITTEN = {Path(name).name for name in pages()} & CHAPTERS.keys()
FRONT = {
    "index",
    "setup",
    "xray",
    "course_map",
    "glossary",
    "progress",
    "quizzes",
    "engine_exam",
    "keras_exam",
    "bibliography",
}
EXAMS = {"engine_exam", "keras_exam"}  # a part's exam stands behind its chapters
PICTURES = ("machine.svg", "machine-narrow.svg")
#: Labs and assignments by week, counted in the course's public notebooks.
ROWS = {
    "C1": [4, 4, 4, 3, 2],
    "C2": [3, 3, 3, 6],
    "C3": [4, 4, 4, 5],
    "C4": [3, 6, 2, 4],
}
#: A lecture without a lab has a row, and nothing in it that could have changed.
LECTURES = {"C2w4": 1}


def weeks() -> list[tuple[str, dict[str, Any]]]:
    """Return every week with the name of its course and number: `C2w1`."""
    return [(f"{c['id']}w{w['week']}", w) for c in COURSES for w in c["weeks"]]


def rows() -> list[tuple[str, dict[str, Any]]]:
    """Return every row with its place: `C2w1 L2`."""
    return [(f"{name} {r['item']}", r) for name, week in weeks() for r in week["rows"]]


def proofs() -> list[str]:
    """Return the claims that tests/test_course_claims.py proves."""
    source = (ROOT / "tests" / "test_course_claims.py").read_text(encoding="utf-8")
    return [
        node.name.removeprefix("test_")
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course["id"])
def test_every_week_lab_and_assignment_has_a_row(course: dict[str, Any]) -> None:
    counts = [len(week["rows"]) for week in course["weeks"]]
    assert [week["week"] for week in course["weeks"]] == [*range(1, len(counts) + 1)]
    assert counts == ROWS[course["id"]]


def test_rows_of_a_week_are_numbered_as_in_the_course() -> None:
    for name, week in weeks():
        labs = [row["item"] for row in week["rows"] if row["item"].startswith("L")]
        labs = [item for item in labs if item != "Lecture"]
        assert labs == [f"L{number}" for number in range(1, len(labs) + 1)], name
        others = [row["item"] for row in week["rows"] if row["item"] not in labs]
        assert others.count("Lecture") == LECTURES.get(name, 0), name
        assert others.count("A") == (0 if name == "C1w5" else 1), name


def test_every_row_says_what_became_of_it() -> None:
    for place, row in rows():
        assert row["does"].endswith("."), place
        assert bool(row["changed"]) is (row["item"] != "Lecture"), place
        for change in row["changed"]:
            assert change["state"] in coursemap.STATES, place
            assert change["text"].endswith("."), place


def test_every_claim_of_a_failure_is_proved() -> None:
    known = proofs()
    for place, row in rows():
        for change in row["changed"]:
            if change["state"] in ("warns", "fails", "silent", "gone"):
                assert change.get("proof") in known, f"{place}: {change['text']}"


def test_every_proof_is_of_a_claim() -> None:
    claimed = {c.get("proof") for _, row in rows() for c in row["changed"]}
    assert set(proofs()) == claimed - {None}


def test_every_row_leads_to_a_chapter_of_the_plan() -> None:
    for place, row in rows():
        assert row["where"], place
        for target in row["where"]:
            assert coursemap.slug_of(target, CHAPTERS) in CHAPTERS, place


def test_every_row_that_names_a_section_names_one_that_is_there() -> None:
    for place, row in rows():
        for target in row["where"]:
            slug = coursemap.slug_of(target, CHAPTERS)
            if slug in WRITTEN and target != slug:
                labels = read_page(ROOT / "book" / f"{slug}.md").labels
                assert target in labels, f"{place}: {target}"


def test_no_chapter_of_the_engine_or_of_keras_is_without_a_row() -> None:
    covered = {
        coursemap.slug_of(t, CHAPTERS) for _, row in rows() for t in row["where"]
    }
    beyond_the_course = {"compiler", "profiling", "diffusion", "microtf"}
    assert CHAPTERS.keys() - covered == beyond_the_course


def test_an_unknown_chapter_is_named_in_the_error() -> None:
    with pytest.raises(ValueError, match="received 'tapes-record'"):
        coursemap.slug_of("tapes-record", CHAPTERS)


@pytest.mark.parametrize(
    ("item", "name"), [("L2", "Lab 2"), ("A", "Assignment"), ("Lecture", "Lecture")]
)
def test_items_are_spelled_out(item: str, name: str) -> None:
    assert coursemap.item_name(item) == name


def test_plan_and_contents_name_the_same_parts_in_the_same_order() -> None:
    slugs = list(CHAPTERS)
    order = [Path(name).name for name in pages() if Path(name).name in CHAPTERS]
    assert order == sorted(order, key=slugs.index)
    parts = {part["title"]: part for part in PLAN["parts"]}
    for part in read_yaml(ROOT / "_toc.yml")["parts"]:
        names = {Path(chapter["file"]).name for chapter in part["chapters"]}
        if names & CHAPTERS.keys():
            planned = {entry["slug"] for entry in parts[part["caption"]]["chapters"]}
            assert names - EXAMS <= planned, part["caption"]


def test_every_page_is_planned_or_stands_before_or_behind_the_parts() -> None:
    names = {Path(name).name for name in pages()}
    assert names - CHAPTERS.keys() <= FRONT


@pytest.mark.parametrize("slug", sorted(WRITTEN))
def test_a_written_chapter_has_the_title_of_the_plan(slug: str) -> None:
    titles = read_page(ROOT / "book" / f"{slug}.md").headings
    assert titles[0].text == CHAPTERS[slug].title


def boxes(picture: str) -> list[tuple[str, set[str], str | None]]:
    """Return (chapter, classes, link) of every box of a picture."""
    space = "{http://www.w3.org/2000/svg}"
    root = ElementTree.parse(ROOT / "book" / "_static" / picture).getroot()
    found = []
    for group in root.iter(f"{space}g"):
        if "data-chapter" in group.attrib:
            link = group.find(f"{space}a")
            href = None if link is None else link.attrib["href"]
            found.append(
                (group.attrib["data-chapter"], {*group.attrib["class"].split()}, href)
            )
    return found


@pytest.mark.parametrize("picture", PICTURES)
def test_the_picture_links_what_is_written_and_marks_the_rest(picture: str) -> None:
    for slug, classes, href in boxes(picture):
        if slug in WRITTEN:
            assert ("written" in classes, href) == (True, f"{slug}.html"), slug
        else:
            assert ("planned" in classes, href) == (True, None), slug
        assert len(classes & {"written", "planned"}) == 1, slug


@pytest.mark.parametrize("picture", PICTURES)
def test_the_picture_has_a_box_for_every_chapter(picture: str) -> None:
    titles = {part["title"]: part for part in PLAN["parts"]}
    summed_up = {"Vision": "vision", "Generation": "generation"}
    wanted = {slug for slug, c in CHAPTERS.items() if c.part not in summed_up} | set(
        summed_up.values()
    )
    assert {slug for slug, _, _ in boxes(picture)} == wanted
    text = (ROOT / "book" / "_static" / picture).read_text(encoding="utf-8")
    words = {4: "four", 5: "five", 6: "six", 7: "seven"}
    for title in summed_up:
        count = words[len(titles[title]["chapters"])]
        assert re.search(rf">{title}</text>\s*<text[^>]*>{count} chapters<", text)


def test_both_pictures_say_the_same_in_words() -> None:
    space = "{http://www.w3.org/2000/svg}"
    said = []
    for picture in PICTURES:
        root = ElementTree.parse(ROOT / "book" / "_static" / picture).getroot()
        said.append([root.findtext(f"{space}{tag}") for tag in ("title", "desc")])
    assert said[0] == said[1]
    assert all(said[0])


@pytest.mark.book
def test_the_built_map_shows_every_row_linked_or_planned(site: Path) -> None:
    html = (site / "book" / "course_map.html").read_text(encoding="utf-8")
    for place, row in rows():
        anchor = place.lower().replace(" ", "-")
        cell = re.search(rf'id="{anchor}"(.*?)</tr>', html, re.DOTALL)
        assert cell, place
        for target in row["where"]:
            slug = coursemap.slug_of(target, CHAPTERS)
            if slug not in WRITTEN:
                assert f"planned: {CHAPTERS[slug].title}" in cell.group(1), place
            elif target == slug:
                assert f'href="{slug}.html"' in cell.group(1), place
            else:
                assert f'href="{slug}.html#{target}"' in cell.group(1), place


@pytest.mark.book
def test_the_built_title_page_counts_what_is_written(site: Path) -> None:
    html = (site / "book" / "index.html").read_text(encoding="utf-8")
    for part in PLAN["parts"]:
        slugs = [chapter["slug"] for chapter in part["chapters"]]
        done = sum(slug in WRITTEN for slug in slugs)
        assert f"({done} of {len(slugs)} written)" in html
    assert html.count('class="planned"') >= len(CHAPTERS) - len(WRITTEN)
