"""The quiz as an output of a notebook, and as a text in a terminal."""

import json
import re
from pathlib import Path

import pytest

from selfcheck import bundle, notebook, seal
from selfcheck.grade import CheckResult, GradeRecord
from selfcheck.notebook import Verdict, quiz, render


@pytest.fixture
def dist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / "selfcheck.js").write_text("const end = '</script>'; start();")
    (folder / "selfcheck.css").write_text(".selfcheck { color: teal }")
    monkeypatch.setattr(bundle, "DIST", folder)
    return folder


def data_of(page: str) -> dict:
    found = re.search(r'class="sc-data">(.*?)</script>', page, re.DOTALL)
    return json.loads(found[1])


def test_the_output_holds_questions_sealed_keys_script_and_style(book, dist):
    page = quiz("toy", book)._repr_html_()
    assert page.startswith("<style>.selfcheck { color: teal }</style>")
    assert "start();" in page and "const end = '<\\/script>'" in page
    assert "Which keyword defines a function?" in page
    data = data_of(page)
    item = next(entry for entry in data["items"] if entry["id"] == "toy-word")
    blob = item["sealed"][0]["key"]
    label = seal.label("toy-word", 0, "key")
    assert json.loads(seal.unseal(blob, data["salt"], label)) == {"accept": ["def"]}
    assert "three-letter keyword" not in page


def test_page_and_notebook_seal_the_same_quiz(book, dist):
    first, second = (data_of(quiz("toy", book)._repr_html_()) for _ in range(2))
    assert first == second
    assert first["book"] == "toy-book" and first["quiz"] == "toy"


def test_without_the_bundle_the_output_says_how_to_make_it(book, dist: Path):
    (dist / "selfcheck.js").unlink()
    page = quiz("toy", book)._repr_html_()
    assert "python -m selfcheck.bundle" in page.replace("\n", " ")
    assert "sc-prompt" in page


def test_a_terminal_gets_a_text_that_says_what_to_do(book):
    text = repr(quiz("toy", book))
    assert text.startswith("A toy: 5 of 7 questions") and "selfcheck take toy" in text


def test_the_quiz_is_taken_at_a_python_prompt(
    book, monkeypatch: pytest.MonkeyPatch, capsys, tmp_path: Path
):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr("builtins.input", lambda prompt: ":quit")
    quiz("toy", book).take(practice=True)
    assert "Practice: nothing counts" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("{ref}`Tapes <tape>` and {term}`op`", "<p>Tapes and op</p>"),
        ("{py:func}`f`", "<p><code>f</code></p>"),
        ("`{a}` stays", "<p><code>{a}</code> stays</p>"),
        ("1 < 2", "<p>1 &lt; 2</p>"),
    ],
)
def test_roles_become_their_words(source, wanted):
    assert render(source) == wanted


def test_formulas_stay_whole_for_the_notebook_to_set():
    page = render("Is $a_1 * b_2 * c_3 < d$ so?")
    assert "$a_1 * b_2 * c_3 &lt; d$" in page and "<em>" not in page


def test_code_is_highlighted_and_roles_in_it_stay():
    page = render('Run:\n\n```python\nx = "{ref}`y`"\n```')
    assert "<span style=" in page and "{ref}`y`" in page


def test_the_magic_grades_the_program_of_its_cell(book, monkeypatch, pools: Path):
    monkeypatch.setenv("SELFCHECK_POOLS", str(pools))
    (pools / "toy" / "toy-double" / "checks.py").write_text(
        "from selfcheck.checks import check\n\n\n@check('doubles')\n"
        "def doubles(s):\n    assert s.double(3) == 6, 'expected 6 < 7'\n"
    )
    right = notebook.grade_cell("toy/toy-double", "def double(x): return 2 * x\n")
    assert right.record.verdict == "right" and "ok  doubles" in repr(right)
    wrong = notebook.grade_cell(" toy/toy-double\n", "def double(x): return x\n")
    shown = wrong._repr_mimebundle_()
    assert "expected 6 &lt; 7" in shown["text/html"]
    assert shown["application/vnd.selfcheck.grade.v1+json"]["verdict"] == "wrong"


def test_a_verdict_shows_nothing_of_a_program_as_markup():
    check = CheckResult(name="<b>", ok=False)
    record = GradeRecord(
        item="a/b", verdict="wrong", checks=[check], message="<script>"
    )
    page = Verdict(record)._repr_mimebundle_()["text/html"]
    assert "<script>" not in page and "<b>" not in page


def test_the_magic_is_registered_where_there_is_ipython(book, monkeypatch):
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    try:
        quiz("toy", book)
        assert shell.find_cell_magic("grade") is notebook.grade_cell
    finally:
        InteractiveShell.clear_instance()
