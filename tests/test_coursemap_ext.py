"""The tables of the plan and the course map, in a book of two pages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import coursemap

CONF = 'extensions = ["myst_parser", "coursemap"]\nnitpicky = True\n'
PLAN = """
parts:
  - title: The engine
    about: Below `fit`.
    chapters:
      - {slug: tape, title: The gradient tape, question: Who knows?}
      - {slug: layer, title: Layers, question: "What is `w`?"}
"""
MAP = """
courses:
  - id: C1
    weeks:
      - week: 1
        topic: Tapes
        rows:
          - item: L1
            name: first tape
            does: Squares `x`.
            changed: [{state: STATE, text: "`lr=` is gone.", proof: none}]
            where: [TARGET, layer]
"""
INDEX = """# Index

```{toctree}
book/tape
```

```{parts}
```

```{course-map} COURSE
```
"""
TAPE = "(tape)=\n# The gradient tape\n\n(tape-record)=\n## The record\n\nText.\n"


def build(
    folder: Path, *, state: str = "fails", target: str = "tape", course: str = "C1"
) -> tuple[str, str]:
    """Build the book; return the first page's HTML, or nothing, and the warnings."""
    extension = folder / "book" / "_ext"
    extension.mkdir(parents=True)
    shutil.copy(coursemap.__file__, extension)
    rows = MAP.replace("STATE", state).replace("TARGET", target)
    files = {
        "conf.py": CONF,
        "index.md": INDEX.replace("COURSE", course),
        "book/tape.md": TAPE,
        "book/plan.yaml": PLAN,
        "book/course_map.yaml": rows,
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-N", ".", "out"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(extension)},
    )
    page = folder / "out" / "index.html"
    return page.read_text(encoding="utf-8") if page.exists() else "", done.stderr


def test_what_is_written_is_linked_and_the_rest_is_planned(tmp_path: Path) -> None:
    html, warnings = build(tmp_path, target="tape-record")
    assert warnings == ""
    assert 'href="book/tape.html"><span class="doc">The gradient tape' in html
    assert 'href="book/tape.html#tape-record"><span class="std std-ref">The rec' in html
    assert html.count('<span class="planned">planned: Layers</span>') == 2
    assert "(1 of 2 written)" in html


def test_a_row_has_an_anchor_a_state_and_its_code(tmp_path: Path) -> None:
    html, _ = build(tmp_path, state="silent")
    assert 'id="c1w1-l1"' in html
    assert '<span class="state state-silent">silent</span>' in html
    assert "<strong>Lab 1</strong>, first tape" in html
    assert '<span class="pre">lr=</span>' in html


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"target": "tape-records"}, "undefined label: 'tape-records'"),
        ({"target": "tapes"}, "c1w1 l1: expected a chapter of plan.yaml"),
        ({"state": "broken"}, "expected a state of runs, warns"),
        ({"course": "C9"}, "expected one of C1: C9"),
    ],
)
def test_a_broken_row_is_a_located_warning(
    tmp_path: Path, change: dict[str, str], message: str
) -> None:
    _, warnings = build(tmp_path, **change)
    assert message in warnings
    assert "index.md:10" in warnings
