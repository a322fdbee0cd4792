"""What a page says of things on other pages: sections, quizzes, where answers are."""

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

from selfcheck import catalog, scripts
from selfcheck.articles import embedded
from selfcheck.exam import ExamFile
from selfcheck.load import PoolFile
from selfcheck.problems import Problem

SCHEMA = 1
_NOSCRIPT = (
    "With JavaScript this page shows what you have mastered in each quiz, and what is "
    "due for review. In a terminal <code>selfcheck progress</code> and <code>selfcheck "
    "review</code> do the same."
)


@dataclass(frozen=True)
class Pool:
    """Where a pool's quiz stands."""

    title: str
    page: str  # from the root of the site
    href: str  # from the page that speaks of it


Pools = Mapping[str, Pool]


def links(
    app: Sphinx,
    file: PoolFile | ExamFile,
    docname: str,
    warn: Callable[[Problem], None],
) -> dict[str, dict[str, str]]:
    """Return address and title of each objective's section; warn of unknown ones.

    An exam is silent: of its pools each speaks for itself.
    """
    domain: Any = app.env.get_domain("std")
    found = {}
    for name, aim in file.objectives.items():
        if aim.anchor in domain.labels:
            page, anchor, title = domain.labels[aim.anchor]
            same = page == docname
            address = "" if same else app.builder.get_relative_uri(docname, page)
            found[name] = {"href": f"{address}#{anchor}", "title": title}
            continue
        found[name] = {"href": "", "title": ""}
        if isinstance(file, PoolFile):
            line = file.line(None, "objectives", name, "anchor")
            message = (
                f"objective `{name}`: expected the label of a titled section, got "
                f"`{aim.anchor}`; write ({aim.anchor})= above the section that "
                "teaches it"
            )
            warn(Problem(file.path, line, "anchor", message))
    return found


def pools(
    app: Sphinx, file: ExamFile, docname: str, warn: Callable[[Problem], None]
) -> Pools:
    """Return where the pools of an exam stand; warn of those that are on no page."""
    found = {}
    for n, pool in enumerate(file.pools):
        home = catalog.home(app.env, pool.slug)
        if home is None:
            message = (
                f"`pools.{n}`: expected a pool whose quiz is in the book; put "
                f"{{quiz}} `{pool.slug}` on the page that teaches it"
            )
            line = file.line(None, "pools", n)
            warn(Problem(file.path, line, "pools", message))
        href = app.builder.get_relative_uri(docname, home) if home else ""
        page = app.builder.get_target_uri(home) if home else ""
        found[pool.slug] = Pool(pool.title, page, href and f"{href}#quiz-{pool.slug}")
    return found


def progress(app: Sphinx, docname: str, book: str) -> str:
    """Return the section of the progress page: the quizzes in the toc's order."""
    here = app.builder.get_target_uri(docname)
    quizzes = [
        {
            "quiz": entry.quiz,
            "title": entry.title,
            "page": app.builder.get_relative_uri(docname, page) + f"#quiz-{entry.quiz}",
            "data": relative_uri(here, scripts.address("pools", entry.quiz)),
            "exam": entry.exam,
            "objectives": len(entry.anchors),
        }
        for page, entry in catalog.in_order(app.env)
    ]
    places = [(html.escape(q["page"]), html.escape(q["title"])) for q in quizzes]
    listed = "".join(f'<li><a href="{page}">{title}</a></li>' for page, title in places)
    data = {"schema": SCHEMA, "book": book, "quizzes": quizzes}
    return (
        '<section class="selfcheck-progress" id="progress-page">\n'
        f"<noscript><p>{_NOSCRIPT} These are the quizzes:</p><ul>{listed}</ul>"
        f"</noscript>\n{embedded(data, 'sc-book')}</section>\n"
    )
