"""The table of chapters counts what is there, and leaves a dash where nothing is."""

from tools.chapters import ROOT, read_yaml
from tools.execute import Run
from tools.mdread import read_page
from tools.style import chapter_paths
from tools.table import HEAD, Row, row, rows, table

PLAN = ROOT / "book" / "plan.yaml"


def test_every_written_chapter_has_a_row_in_the_order_of_the_book():
    order = [c["slug"] for p in read_yaml(PLAN)["parts"] for c in p["chapters"]]
    written = {path.stem for path in chapter_paths()}
    assert [each.slug for each in rows()] == [s for s in order if s in written]


def test_the_items_are_those_of_the_pool_file():
    pool = read_yaml(ROOT / "book" / "quizzes" / "tape" / "pool.yaml")
    tape = next(each for each in rows() if each.slug == "tape")
    assert tape.items == len(pool["items"])


def test_exercises_and_objectives_are_no_part_of_the_words(tmp_path):
    text = "(x)=\n# Title\n\none two three\n"
    exercise = "\n:::{exercise}\n:label: a\nfour five\n:::\n"
    (tmp_path / "x.md").write_text(text + exercise)
    counted = row(read_page(tmp_path / "x.md"), None, None)
    (tmp_path / "y.md").write_text(text)
    assert counted.words == row(read_page(tmp_path / "y.md"), None, None).words > 0
    assert counted.exercises == 1


def test_what_was_never_executed_shows_a_dash(tmp_path):
    (tmp_path / "x.md").write_text("(x)=\n# Title\n\none two three\n")
    counted = row(read_page(tmp_path / "x.md"), None, None)
    assert table([counted]).splitlines()[1].split()[:3] == ["x", "–", "–"]


def test_seconds_add_up_and_the_highest_peak_is_kept():
    run = Run("", 2.0, 600.0, {})
    first = Row("a", run.seconds, run.peak_mb, 10, 1, 1, 0, 3)
    second = Row("b", 3.0, 500.0, 20, 2, 2, 1, None)
    last = table([first, second]).splitlines()[-1].split()
    assert dict(zip(HEAD, last, strict=True)) == {
        "chapter": "together",
        "seconds": "5",
        "MB": "600",
        "words": "30",
        "cells": "3",
        "asserts": "3",
        "exercises": "1",
        "items": "3",
    }
