"""A book that is not this one: its own pools, no TensorFlow, built in a fresh process.

What its author had to write is in `data/outsider`; the page about quizzes tells of it.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from selfcheck import bundle, config, exam, leaks, load, model

SOURCE = Path(__file__).parent / "data" / "outsider"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="module")
def without_tensorflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let every process that is started now fail when it imports TensorFlow."""
    folder = tmp_path_factory.mktemp("without")
    for name in ("tensorflow", "keras"):
        (folder / f"{name}.py").write_text(f"raise ImportError('there is no {name}')\n")
    path = os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", path)
        yield


def jupyter_book(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("jupyter-book")
    command = [program, "build", "-W", "-n", "--keep-going", folder]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outsider") / "book"
    shutil.copytree(SOURCE, folder)
    return folder


@pytest.fixture(scope="module")
def built(written: Path, without_tensorflow: None) -> Path:
    """The folder of the built site."""
    bundle.ensure()
    done = jupyter_book(written)
    assert done.returncode == 0, done.stdout + done.stderr
    return written / "_build" / "html"


def test_tensorflow_is_out_of_reach_while_the_book_is_built(without_tensorflow):
    command = [sys.executable, "-c", "import tensorflow"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "there is no tensorflow" in done.stderr


def test_the_pool_has_an_item_of_every_type(written: Path):
    book = config.read(written / "quizzes")
    assert book.preload == () and book.env == {}
    (pool,) = load.load_all(book)
    assert {item.type for item in pool.items} == set(model.KINDS)


def test_the_book_is_built_with_quiz_exam_and_progress(built: Path):
    chapter = (built / "words.html").read_text(encoding="utf-8")
    assert 'data-quiz="words"' in chapter
    assert 'data-progress="pages/end.html"' in chapter
    assert 'data-serve="python -m selfcheck.server --pools quizzes"' in chapter
    end = (built / "pages" / "end.html").read_text(encoding="utf-8")
    assert 'data-quiz="final"' in end and 'class="selfcheck-progress"' in end


def test_nothing_leaks_from_the_book(built: Path, written: Path):
    book = config.read(written / "quizzes")
    for slug in ("words", "final"):
        file = exam.load_quiz(slug, book)
        hidden = leaks.secrets(file, exam.resolve(file, book))
        assert len(hidden) > 15
        assert list(leaks.find(built, hidden)) == []


def test_a_fault_of_the_pool_stops_the_strict_build_at_its_line(
    built: Path, written: Path, tmp_path: Path
):
    other = tmp_path / "book"
    shutil.copytree(written, other, ignore=shutil.ignore_patterns("_build"))
    pool = other / "quizzes" / "words" / "pool.yaml"
    text = pool.read_text(encoding="utf-8").replace("level: recall", "level: easy")
    pool.write_text(text, encoding="utf-8")
    done = jupyter_book(other)
    line = text.splitlines().index("    level: easy") + 1
    assert done.returncode != 0
    assert (
        f"quizzes/words/pool.yaml:{line}: WARNING: words-name: `level`" in done.stderr
    )


# What a reader does


@dataclass
class Seen:
    """What a reader of the book saw."""

    results: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    link: str = ""
    image: int = 0
    formula: str = ""
    progress: str = ""

    @property
    def own_errors(self) -> list[str]:
        """The errors but Jupyter Book's own: it declares a constant of thebe twice."""
        return [error for error in self.errors if "THEBE_JS_URL" not in error]


def read_the_book(address: str, entrance: str) -> Seen:
    """Take the quiz and the exam as a reader does; look at the progress afterwards."""
    from playwright.sync_api import sync_playwright
    from tests.browser.taker import Taker

    reference = SOURCE / "quizzes" / "words" / "first-word" / "right" / "loop.py"
    programs = {"first-word": reference.read_text(encoding="utf-8")}
    seen = Seen()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: seen.errors.append(str(error)))
        page.goto(entrance)
        quiz = Taker(page, "words", programs)
        quiz.start()
        quiz.take()
        seen.results.append(quiz.quiz.locator(".sc-result").inner_text())
        page.goto(f"{address}/pages/end.html")
        quiz = Taker(page, "final", programs)
        quiz.start()
        look_at_links(quiz, seen)
        quiz.end()
        quiz.start()
        quiz.take()
        seen.results.append(quiz.quiz.locator(".sc-result").inner_text())
        page.reload()
        mastered = page.locator(".selfcheck-progress").get_by_text("mastered").first
        mastered.wait_for()
        seen.progress = page.locator(".selfcheck-progress").inner_text()
        browser.close()
    return seen


def look_at_links(quiz, seen: Seen) -> None:
    """Note where a refutation's link leads, and whether a prompt's image is there."""
    quiz.seek("multiple")
    image = quiz.question.locator("img").first
    image.wait_for()
    image.scroll_into_view_if_needed()
    quiz.page.wait_for_function("image => image.complete", arg=image.element_handle())
    seen.image = image.evaluate("image => image.naturalWidth")
    quiz.seek("choice")
    option = quiz.question.locator("label", has_text="words.join('-')")
    option.click()
    quiz.submit()
    quiz.verdict.wait_for()
    link = quiz.verdict.locator("a.reference").first
    seen.link = link.evaluate("link => link.href")


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium found")
def test_quiz_and_exam_are_taken_in_a_browser_and_graded_locally(
    built: Path, written: Path
):
    from tests.browser import servers

    with servers.book_server(built, written / "quizzes") as server:
        entrance = server.enter("words.html")
        # In a thread of its own: Playwright may be in use in this one.
        with ThreadPoolExecutor(1) as thread:
            address = f"{server.address}/book"
            seen = thread.submit(read_the_book, address, entrance).result()
    assert seen.own_errors == []
    quiz, final = seen.results
    assert "Passed. 5 of 5 points" in quiz and "Passed. 7 of 7 points" in final
    assert seen.link == f"{address}/words.html#words-join"
    assert seen.image > 0
    assert "Final exam" in seen.progress and "mastered" in seen.progress


FAKE = """
window.MathJax = { startup: { promise: Promise.resolve() },
  typesetPromise: async (all) => all.forEach((one) => (one.dataset.set = "yes")) };
"""


def formula_of_the_exam(page_address: str) -> Seen:
    """Open the exam from disk and wait until the formula of its question is set."""
    from playwright.sync_api import sync_playwright
    from tests.browser.taker import Taker

    seen = Seen()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        page.on("pageerror", lambda error: seen.errors.append(str(error)))
        kind = {"content_type": "text/javascript"}
        page.route("https://**", lambda route: route.abort())
        page.route("**/mathjax**", lambda route: route.fulfill(body=FAKE, **kind))
        page.goto(page_address)
        quiz = Taker(page, "final", {})
        quiz.start()
        quiz.seek("numeric")
        formula = quiz.question.locator(".math[data-set=yes]").first
        formula.wait_for()
        seen.formula = formula.inner_text()
        browser.close()
    return seen


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium found")
def test_formulas_of_questions_that_come_later_are_given_to_mathjax(built: Path):
    address = (built / "pages" / "end.html").as_uri()
    with ThreadPoolExecutor(1) as thread:
        seen = thread.submit(formula_of_the_exam, address).result()
    assert seen.own_errors == [] and seen.formula == "\\(n - 1\\)"
