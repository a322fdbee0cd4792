"""Quizzes in a notebook: the page's own widget in an output, or plain text.

    from selfcheck import quiz, review, progress

    quiz("tape")            # the quiz, as on the page, with a record in the browser
    quiz("tape").take()     # the same in text, with the record of the command line
    review()                # what is due there
    progress()              # and where you stand

Where the Jupyter server has the book's extension, programs are graded through it.
Everywhere the cell magic `%%grade tape/mend-step` grades the program in its cell.
"""

import html
from collections.abc import Mapping
from typing import Any

from selfcheck import bundle, exam, magic, payload
from selfcheck.config import Config, find
from selfcheck.exam import ExamFile
from selfcheck.keys import Keys
from selfcheck.load import PoolFile
from selfcheck.magic import Verdict, grade_cell
from selfcheck.rendering import render
from selfcheck.texts import texts

__all__ = ["Shown", "Verdict", "grade_cell", "progress", "quiz", "render", "review"]

# Sections that are mounted keep their widget when a second quiz is shown; the address
# of the server lets the widget find the grader behind /selfcheck/api.
_BEFORE = """
for (const old of document.querySelectorAll("section.selfcheck[data-quiz]"))
  if (old.querySelector(".sc-quiz")) old.removeAttribute("data-quiz");
const config = document.getElementById("jupyter-config-data");
if (config && !document.documentElement.dataset.content_root) {
  const base = JSON.parse(config.textContent).baseUrl ?? "/";
  document.documentElement.dataset.content_root =
    new URL(base + "book/", location).href;
}
"""


def quiz(name: str, config: Config | None = None) -> "Shown":
    """Return a quiz or an exam, to be shown as the last value of a cell.

    `name` is that of its folder; the keys are computed when that has not been done.
    Raises ConfigError, PoolError, or SandboxError like the command line does.
    """
    config = config or find()
    file = exam.load_quiz(name, config)
    magic.register()
    return Shown(file, config, exam.resolve(file, config))


def review(pool: str | None = None, config: Config | None = None) -> None:
    """Ask what is due, as `selfcheck review` does; of one pool when it is named."""
    from selfcheck.asking import Console
    from selfcheck.cards import decks
    from selfcheck.progress import Store
    from selfcheck.review import Reviewing

    config, console = config or find(), Console()
    found = decks(config, console, Store(config.book))
    Reviewing(found, console, pool).run()


def progress(config: Config | None = None) -> Any:
    """Return where you stand in all quizzes: a table in a notebook, or a text."""
    from selfcheck.progress import Store
    from selfcheck.standing import overview

    config = config or find()
    return overview(config, Store(config.book))


class Shown:
    """A quiz as an output: HTML in a notebook, a text in a terminal."""

    def __init__(self, file: PoolFile | ExamFile, config: Config, keys: Keys) -> None:
        self._file, self._config, self._keys = file, config, keys

    def __repr__(self) -> str:
        slug, total = self._file.slug, sum(self._file.quiz.draw.values())
        return (
            f"{self._file.title}: {total} of {len(self._file.items)} questions are "
            f"drawn. Take the quiz with `selfcheck take {slug}` in a terminal, or with "
            f'selfcheck.quiz("{slug}").take() here.'
        )

    def _repr_html_(self) -> str:
        rendered = {text.label: render(text.source) for text in texts(self._file)}
        links = {
            name: {"href": "", "title": aim.anchor}
            for name, aim in self._file.objectives.items()
        }
        data = payload.assemble(
            self._file, self._keys, self._config.book, rendered, links
        )
        page = payload.section(data, rendered)
        script, style = bundle.DIST / "selfcheck.js", bundle.DIST / "selfcheck.css"
        if not (script.is_file() and style.is_file()):
            return page + _plain_note(self._file.slug)
        return (
            f"<style>{style.read_text('utf-8')}</style>\n{page}"
            f"<script>(() => {{{_BEFORE}}})();\n{_inline(script.read_text('utf-8'))}"
            f"</script>\n{_grade_note(data)}"
        )

    def take(self, seed: str | None = None, *, practice: bool = False) -> None:
        """Take the quiz here, question by question, as `selfcheck take` does."""
        from selfcheck.asking import Console
        from selfcheck.practice import Practice
        from selfcheck.progress import Store
        from selfcheck.take import Taking

        sitting = Practice if practice else Taking
        store = Store(self._config.book)
        sitting(self._file, self._config, self._keys, Console(), store).run(seed)


def _inline(script: str) -> str:
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _plain_note(slug: str) -> str:
    return (
        "<p>The quiz itself needs its script; make it with <code>python -m "
        f"selfcheck.bundle</code>, or run <code>selfcheck take {slug}</code>.</p>"
    )


def _grade_note(data: Mapping[str, Any]) -> str:
    items = [item for item in data["items"] if item["type"] == "code"]
    if not items:
        return ""
    pool = items[0].get("pool", data["quiz"])
    example = html.escape(f"{pool}/{items[0]['id']}")
    return (
        "<p>A program can also be graded in a cell of its own that begins with "
        f"<code>%%grade {example}</code>, or the address of another question. There "
        "it counts in an attempt that was begun in text, with <code>.take()</code> or "
        "on the command line, and in no attempt of this widget.</p>"
    )
