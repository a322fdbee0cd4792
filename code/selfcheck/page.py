"""Sphinx nodes of a quiz, and how they become the HTML of a page."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

from selfcheck import payload, scripts
from selfcheck.articles import Html
from selfcheck.problems import Problem

_MARK = "<!--selfcheck {}-->"
_PRE = re.compile(r'<span class="pre">(.*?)</span>')
_PART = re.compile(r"<!--selfcheck (\d+)-->(.*?)(?=<!--selfcheck |\Z)", re.DOTALL)


class Quiz(nodes.General, nodes.Element):
    """A pool, its answers, and a `Words` child for each of its texts."""


class Words(nodes.General, nodes.Element):
    """One text of a pool under its `label`."""


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
    for quiz in list(doctree.findall(Quiz)):
        if app.builder.format != "html":
            _keep_questions(quiz)
            continue
        rendered = _render(app, quiz, docname)
        links = _links(app, quiz, docname, warn)
        file, keys = quiz["file"], quiz["keys"]
        data = payload.assemble(file, keys, quiz["book"], rendered, links)
        data["page"] = app.builder.get_target_uri(docname)
        page = _write_scripts(Path(app.outdir), data, rendered)
        quiz.replace_self(Finished(html=payload.section(page, rendered)))


def _write_scripts(site: Path, data: dict[str, Any], rendered: Html) -> dict[str, Any]:
    """Write the scripts of a quiz; return what is left for its page to hold."""
    slug, page = data["quiz"], data["page"]
    where = scripts.address("answers", slug)
    scripts.write(site, "answers", slug, scripts.answers(data, rendered))
    anywhere = scripts.without_keys(data, where)
    scripts.write(site, "pools", slug, scripts.public(anywhere))
    return scripts.without_keys(data, relative_uri(page, where))


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


def _links(
    app: Sphinx, quiz: Quiz, docname: str, warn: Callable[[Problem], None]
) -> dict[str, dict[str, str]]:
    """Return address and title of each objective's section; warn of unknown ones."""
    domain: Any = app.env.get_domain("std")
    file = quiz["file"]
    links = {}
    for name, aim in file.pool.objectives.items():
        if aim.anchor in domain.labels:
            page, anchor, title = domain.labels[aim.anchor]
            address = app.builder.get_relative_uri(docname, page)
            same = page == docname
            links[name] = {
                "href": f"{'' if same else address}#{anchor}",
                "title": title,
            }
            continue
        links[name] = {"href": "", "title": ""}
        line = file.line(None, "objectives", name, "anchor")
        message = (
            f"objective `{name}`: expected the label of a titled section, got "
            f"`{aim.anchor}`; write ({aim.anchor})= above the section that teaches it"
        )
        warn(Problem(file.path, line, "anchor", message))
    return links
