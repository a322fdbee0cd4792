"""The quiz as an output of a notebook, and as a text in a terminal."""

import json
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import selfcheck
from selfcheck import bundle, exam, notebook, payload, seal
from selfcheck.grade import CheckResult, GradeRecord
from selfcheck.notebook import Verdict, quiz, render
from selfcheck.progress import Store


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


def test_the_magic_grades_the_program_of_its_cell(
    book, monkeypatch, pools: Path, tmp_path: Path
):
    monkeypatch.setenv("SELFCHECK_POOLS", str(pools))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
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


CHECKS = """\
from selfcheck.checks import check


@check("doubles")
def doubles(s):
    assert s.double(3) == 6, "expected 6"
"""
GOOD, BAD = "def double(x): return 2 * x\n", "def double(x): return x\n"


@pytest.fixture
def store(tmp_path: Path, pools: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("SELFCHECK_POOLS", str(pools))
    (pools / "toy" / "toy-double" / "checks.py").write_text(CHECKS)
    return Store("toy-book")


def begin(store: Store, book, slug: str) -> None:
    file = exam.load_quiz(slug, book)
    quiz = payload.public(file, exam.resolve(file, book), book.book)
    store.apply(quiz, {"type": "start", "seed": "s"})


def tries(store: Store, slug: str) -> list[dict]:
    entries = store.quiz(slug)["rounds"][-1]["attempts"][-1]["items"]
    return next(entry for entry in entries if entry["id"] == "toy-double")["tries"]


def test_without_an_open_attempt_grading_is_free_and_says_so(store: Store):
    shown = notebook.grade_cell("toy/toy-double", GOOD)
    assert repr(shown).endswith(
        "No open attempt asks this question: the grading was free."
    )
    assert store.read()["quizzes"] == {}


def test_in_an_open_attempt_a_graded_cell_is_a_submission(store: Store, book):
    begin(store, book, "toy")
    shown = notebook.grade_cell("toy/toy-double", BAD)
    said = "This was submission 1 of 5 in the open attempt of toy."
    assert said in repr(shown) and said in shown._repr_mimebundle_()["text/html"]
    assert "submission 2 of 5" in repr(notebook.grade_cell("toy/toy-double", GOOD))
    assert [(t["right"], t["answer"]["source"]) for t in tries(store, "toy")] == [
        (False, BAD),
        (True, GOOD),
    ]
    assert "free" in repr(notebook.grade_cell("toy/toy-double", GOOD))
    assert len(tries(store, "toy")) == 2


def test_a_refused_program_is_no_submission(store: Store, book):
    begin(store, book, "toy")
    shown = notebook.grade_cell("toy/toy-double", "#" * 200_000)
    assert shown.record.verdict == "refused"
    assert "The attempt of toy has not used a submission." in repr(shown)
    assert tries(store, "toy") == []


@pytest.fixture
def half_term(pools: Path) -> str:
    path = pools / "half-term" / "exam.yaml"
    path.parent.mkdir()
    path.write_text(
        "exam: half-term\ntitle: Half term\npools: [toy]\nquiz:\n"
        "  draw: {choice: 1, multiple: 1, output: 1, short: 1, code: 1}\n"
        "  pass: {at_least: 4}\n"
    )
    return "half-term"


def test_of_two_open_attempts_the_later_one_counts(store: Store, book, half_term: str):
    begin(store, book, "toy")
    begin(store, book, half_term)
    assert "attempt of half-term" in repr(notebook.grade_cell("toy/toy-double", BAD))
    assert len(tries(store, half_term)) == 1 and tries(store, "toy") == []


def test_an_exam_is_shown_like_a_quiz(book, dist, half_term: str):
    shown = quiz(half_term, book)
    assert repr(shown).startswith("Half term: 5 of 7 questions")
    page = shown._repr_html_()
    assert "%%grade toy/toy-double" in page
    item = data_of(page)["items"][0]
    assert item["pool"] == "toy" and item["objective"].startswith("toy.")


def test_review_and_progress_speak_of_the_record_of_the_command_line(
    store: Store, book, capsys, monkeypatch: pytest.MonkeyPatch
):
    begin(store, book, "toy")
    monkeypatch.setattr("builtins.input", lambda prompt: ":quit")
    selfcheck.review()
    assert "Nothing is due." in capsys.readouterr().out
    shown = selfcheck.progress()
    assert "an attempt is open" in repr(shown)
    assert shown._repr_html_().startswith("<table>")


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


# What JupyterLab does with an HTML output: scripts are made anew in a tree that is
# put into the document afterwards.
AS_JUPYTER_DOES = """(source) => {
  const host = document.createElement("div");
  host.innerHTML = source;
  for (const old of [...host.querySelectorAll("script")]) {
    const script = document.createElement("script");
    for (const { name, value } of old.attributes) script.setAttribute(name, value);
    script.textContent = old.textContent;
    old.replaceWith(script);
  }
  document.body.append(host);
}"""
LAB = (
    '<!doctype html><title>Lab</title><script id="jupyter-config-data" '
    'type="application/json">{"baseUrl": "/user/x/"}</script>'
)


def in_chromium(page_source: str) -> tuple[list[int], list[str], str]:
    """Show an output twice; return the widgets after each, errors, and the root."""
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=flags
        )
        page, errors = browser.new_page(), []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.route("**/*", lambda r: r.fulfill(body=LAB, content_type="text/html"))
        # What a coding question loads, should the draw begin with one.
        kernel = bundle.DIST / "selfcheck-kernel.js"
        page.route("**/selfcheck-kernel.js*", lambda r: r.fulfill(path=kernel))
        page.goto("http://lab.test/user/x/lab")
        counts = []
        for _ in range(2):
            page.evaluate(AS_JUPYTER_DOES, page_source)
            page.get_by_role("button", name="Start the ").last.wait_for()
            counts.append(page.locator(".sc-quiz").count())
        page.get_by_role("button", name="Start the ").last.click()
        page.get_by_text("Question 1 of 5").last.wait_for()
        errors += page.locator("[role=alert]").all_inner_texts()
        root = page.evaluate("document.documentElement.dataset.content_root")
        browser.close()
    return counts, errors, root


@pytest.mark.browser
@pytest.mark.skipif(not shutil.which("chromium"), reason="no Chromium found")
@pytest.mark.parametrize("name", ["toy", "half-term"])
def test_two_outputs_of_a_notebook_are_two_working_quizzes(
    book, half_term: str, name: str
):
    bundle.ensure()
    page = quiz(name, book)._repr_html_()
    # In a thread of its own: Playwright may be in use in this one.
    with ThreadPoolExecutor(1) as thread:
        counts, errors, root = thread.submit(in_chromium, page).result()
    assert counts == [1, 2]
    assert errors == []
    assert root == "http://lab.test/user/x/book/"
