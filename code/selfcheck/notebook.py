"""The quiz in a notebook: the page's own widget in an output, or plain text.

    from selfcheck import quiz
    quiz("tape")

Where the Jupyter server has the book's extension, programs are graded through it.
Everywhere the cell magic `%%grade tape/mend-step` grades the program in its cell.
"""

import html
import re
import sys
from collections.abc import Mapping
from typing import Any

from selfcheck import bundle, payload
from selfcheck.config import Config, find
from selfcheck.keys import Keys, resolve
from selfcheck.load import PoolFile, load
from selfcheck.texts import texts

_ROLE = re.compile(r"\{([a-z][a-z0-9:_-]*)\}`([^`]+)`")
_TARGET = re.compile(r"^(.+?)\s*<[^<>]+>$", re.DOTALL)
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


def quiz(pool: str, config: Config | None = None) -> "Shown":
    """Return a quiz to be shown as the last value of a cell, or by `display`.

    `pool` names a folder of the book's pools; the keys are computed when that has
    not been done. Raises ConfigError, PoolError, or SandboxError like the command
    line does.
    """
    config = config or find()
    file = load(config.pool_file(pool), config)
    _register_magic()
    return Shown(file, config, resolve(file, config))


class Shown:
    """A quiz as an output: HTML in a notebook, a text in a terminal."""

    def __init__(self, file: PoolFile, config: Config, keys: Keys) -> None:
        self._file, self._config, self._keys = file, config, keys

    def __repr__(self) -> str:
        pool = self._file.pool
        total = sum(pool.quiz.draw.values())
        return (
            f"{pool.title}: {total} of {len(pool.items)} questions are drawn. "
            f"Take the quiz with `selfcheck take {pool.pool}` in a terminal, or with "
            f'selfcheck.quiz("{pool.pool}").take() here.'
        )

    def _repr_html_(self) -> str:
        rendered = {text.label: render(text.source) for text in texts(self._file)}
        links = {
            name: {"href": "", "title": aim.anchor}
            for name, aim in self._file.pool.objectives.items()
        }
        data = payload.assemble(
            self._file, self._keys, self._config.book, rendered, links
        )
        page = payload.section(data, rendered)
        script, style = bundle.DIST / "selfcheck.js", bundle.DIST / "selfcheck.css"
        if not (script.is_file() and style.is_file()):
            return page + _plain_note(self._file.pool.pool)
        return (
            f"<style>{style.read_text('utf-8')}</style>\n{page}"
            f"<script>(() => {{{_BEFORE}}})();\n{_inline(script.read_text('utf-8'))}"
            f"</script>\n{_grade_note(data)}"
        )

    def take(self, seed: str | None = None, *, practice: bool = False) -> None:
        """Take the quiz here, question by question, as `selfcheck take` does."""
        from selfcheck.asking import Console
        from selfcheck.progress import Store
        from selfcheck.take import Taking

        store = None if practice else Store(self._config.book)
        Taking(self._file, self._config, self._keys, Console(), store).run(seed)


def _inline(script: str) -> str:
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _plain_note(slug: str) -> str:
    return (
        "<p>The quiz itself needs its script; make it with <code>python -m "
        f"selfcheck.bundle</code>, or run <code>selfcheck take {slug}</code>.</p>"
    )


def _grade_note(data: Mapping[str, Any]) -> str:
    names = [item["id"] for item in data["items"] if item["type"] == "code"]
    if not names:
        return ""
    example = html.escape(f"{data['quiz']}/{names[0]}")
    return (
        "<p>A program can also be graded in a cell of its own that begins with "
        f"<code>%%grade {example}</code>, or the address of another question; "
        "that does not count in an attempt.</p>"
    )


def render(source: str) -> str:
    """Return MyST as HTML without Sphinx: references become their words.

    >>> render("{ref}`Tapes <tape>` record `x`.")
    '<p>Tapes record <code>x</code>.</p>'
    """
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    def role(match: re.Match[str]) -> str:
        name, text = match[1], match[2].lstrip("~")
        target = _TARGET.match(text)
        words = target[1] if target else text
        return f"`{words}`" if name.startswith(("py:", "code", "tfsrc")) else words

    def spans(line: str) -> str:
        return _ROLE.sub(role, line)

    parts = re.split(r"(?ms)^( *(?:```|~~~).*?^ *(?:```|~~~) *$)", source)
    plain = "".join(spans(part) if n % 2 == 0 else part for n, part in enumerate(parts))
    markdown = MarkdownIt("commonmark", {"highlight": _highlight}).enable("table")
    # Jupyter sets formulas in outputs itself; it only has to find them whole.
    markdown.use(dollarmath_plugin, renderer=_formula)
    return markdown.render(plain).strip()


def _formula(tex: str, options: Mapping[str, Any]) -> str:
    mark = "$$" if options["display_mode"] else "$"
    return html.escape(f"{mark}{tex}{mark}")


def _highlight(code: str, language: str, _: Any) -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language.strip("{}") or "text")
    except ClassNotFound:
        return ""
    # Styles in the elements: a notebook has no stylesheet for them.
    formatter = HtmlFormatter(nowrap=True, noclasses=True, style="tango")
    colors = "background: #f8f8f8; color: #202020; padding: 0.6em"
    body = highlight(code, lexer, formatter)
    return f'<pre style="{colors}"><code>{body}</code></pre>'


class Verdict:
    """What grading found, as an output."""

    def __init__(self, record: Any) -> None:
        self.record = record

    def __repr__(self) -> str:
        from selfcheck.take import show_record

        lines = [f"{self.record.item}: {self.record.verdict}"]
        show_record(self.record, lines.append)
        return "\n".join(lines)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        record = self.record.data()
        rows = "".join(
            f"<li>{'✓' if check['ok'] else '✗'} {html.escape(check['name'])}</li>"
            for check in record["checks"]
        )
        message = html.escape(record["message"])
        page = f"<strong>{html.escape(record['verdict'])}</strong><ul>{rows}</ul>"
        return {
            "text/plain": repr(self),
            "text/html": page + (f"<pre>{message}</pre>" if message else ""),
            "application/vnd.selfcheck.grade.v1+json": record,
        }


def grade_cell(line: str, cell: str) -> Verdict:
    """`%%grade POOL/ITEM`: grade the program in this cell, in a process of its own."""
    from selfcheck.grade import grade

    return Verdict(grade(line.strip(), cell, config=find()))


def _register_magic() -> None:
    """Make `%%grade` known where there is IPython; elsewhere nobody misses it."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None:
        shell.register_magic_function(grade_cell, "cell", "grade")
