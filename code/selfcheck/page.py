"""Sphinx nodes of a quiz, and how they become the HTML of a page."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

from selfcheck import catalog, overview, payload, scripts
from selfcheck.articles import Html, exam_section, section
from selfcheck.exam import ExamFile
from selfcheck.problems import Problem

_MARK = "<!--selfcheck {}-->"
_PRE = re.compile(r'<span class="pre">(.*?)</span>')
_PART = re.compile(r"<!--selfcheck (\d+)-->(.*?)(?=<!--selfcheck |\Z)", re.DOTALL)


class Quiz(nodes.General, nodes.Element):
    """A pool or an exam, its answers, and a `Words` child for each of its texts."""


class Words(nodes.General, nodes.Element):
    """One text of a quiz under its `label`."""


class Progress(nodes.General, nodes.Element):
    """The place of the reader's progress in all quizzes."""


class Finished(nodes.General, nodes.Element):
    """The HTML of a quiz: in an attribute, where the search index does not look."""


def _open_words(self: Any, node: Words) -> None:
    self.body.append(_MARK.format(node["number"]))


def _write_finished(self: Any, node: Finished) -> None:
    self.body.append(node["html"])
    raise nodes.SkipNode


def _nothing(self: Any, node: nodes.Element) -> None:
    pass


_PLAIN = {name: (_nothing, _nothing) for name in ("latex", "text", "man", "texinfo")}
NODES: dict[type[nodes.Element], dict[str, Any]] = {
    Quiz: {"html": (_nothing, _nothing), **_PLAIN},
    Words: {"html": (_open_words, _nothing), **_PLAIN},
    Progress: {"html": (_nothing, _nothing), **_PLAIN},
    Finished: {"html": (_write_finished, None), **_PLAIN},
}


def replace_quizzes(
    app: Sphinx,
    doctree: nodes.document,
    docname: str,
    warn: Callable[[Problem], None],
) -> None:
    """Replace each quiz of a page by its HTML; keep its prompts elsewhere.

    Without HTML (LaTeX, text) prompts and options stay and refutations go.
    """
    shown = app.builder.format == "html"
    for quiz in list(doctree.findall(Quiz)):
        if shown:
            quiz.replace_self(Finished(html=_html(app, quiz, docname, warn)))
        elif isinstance(quiz["file"], ExamFile):
            quiz.replace_self(_pointer("take " + quiz["file"].slug))
        else:
            _keep_questions(quiz)
    for place in list(doctree.findall(Progress)):
        if shown:
            text = overview.progress(app, docname, place["book"])
            place.replace_self(Finished(html=text))
        else:
            place.replace_self(_pointer("progress"))


def _pointer(command: str) -> nodes.paragraph:
    """Return what stands on paper in the place of what only a screen can do."""
    words = nodes.literal("", f"selfcheck {command}")
    return nodes.paragraph("", "On the book's site, and in a terminal: ", words)


def _html(
    app: Sphinx, quiz: Quiz, docname: str, warn: Callable[[Problem], None]
) -> str:
    """Return a quiz as HTML; write the scripts that go with it."""
    rendered = _render(app, quiz, docname)
    links = overview.links(app, quiz["file"], docname, warn)
    given = quiz["file"], quiz["keys"], quiz["book"]
    progress = _progress_address(app, docname)
    if isinstance(quiz["file"], ExamFile):
        data = payload.public(*given)
        data["objectives"] = payload.objectives(quiz["file"], rendered, links)
        where = overview.pools(app, quiz["file"], docname, warn)
        page = _write_exam(app, data, docname, where)
        return exam_section(page, where, progress)
    data = payload.assemble(*given, rendered, links)
    data["page"] = app.builder.get_target_uri(docname)
    return section(_write_pool(app, data, rendered), rendered, progress)


def _progress_address(app: Sphinx, docname: str) -> str:
    """Return where a page finds the reader's progress; empty when there is none."""
    page = catalog.progress_page(app.env)
    if page is None:
        return ""
    return app.builder.get_relative_uri(docname, page) or "#progress-page"


def _write_pool(app: Sphinx, data: dict[str, Any], rendered: Html) -> dict[str, Any]:
    """Write the scripts of a pool; return what is left for its page to hold."""
    site, slug = Path(app.outdir), data["quiz"]
    where = scripts.address("answers", slug)
    scripts.write(site, "answers", slug, scripts.answers(data, rendered))
    scripts.write(
        site, "pools", slug, scripts.public(scripts.without_keys(data, where))
    )
    return scripts.without_keys(data, relative_uri(data["page"], where))


def _write_exam(
    app: Sphinx, data: dict[str, Any], docname: str, where: overview.Pools
) -> dict[str, Any]:
    """Write the script of an exam; return the data for its page."""
    data["page"] = page = app.builder.get_target_uri(docname)
    for name, pool in data["pools"].items():
        pool["page"] = where[name].page
        pool["answers"] = scripts.address("answers", name)
    scripts.write(Path(app.outdir), "pools", data["quiz"], scripts.public(data))
    near = {
        name: {**pool, "answers": relative_uri(page, pool["answers"])}
        for name, pool in data["pools"].items()
    }
    return {**data, "pools": near}


def _keep_questions(quiz: Quiz) -> None:
    """Keep the prompt and the options of each item's first variant."""
    for words in list(quiz.children):
        item, number, field = words["label"]
        hidden = not item or number > 0 or field.endswith("why")
        if hidden:
            quiz.remove(words)


def _render(app: Sphinx, quiz: Quiz, docname: str) -> dict[Any, str]:
    """Render all texts of a quiz at once; a comment tells where each begins."""
    builder: Any = app.builder
    target = builder.get_target_uri(docname)
    builder.imgpath = relative_uri(target, builder.imagedir)
    builder.dlpath = relative_uri(target, "_downloads")
    builder.current_docname = docname
    builder.secnumbers = app.env.toc_secnumbers.get(docname, {})
    builder.fignumbers = app.env.toc_fignumbers.get(docname, {})
    builder.post_process_images(quiz)
    labels = []
    for words in quiz.children:
        words["number"] = len(labels)
        labels.append(tuple(words["label"]))
    fragment = builder.render_partial(Quiz("", *quiz.children))["fragment"]
    parts = {int(n): text.strip() for n, text in _PART.findall(fragment)}
    return {
        label: _lean(parts[number]) if label[2].endswith("why") else parts[number]
        for number, label in enumerate(labels)
    }


def _lean(text: str) -> str:
    """Shorten the markup of inline code: what is sealed no server can compress."""
    text = text.replace(' class="docutils literal notranslate"', ' class="literal"')
    return _PRE.sub(r"\1", text)
