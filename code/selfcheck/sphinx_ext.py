"""The directives `{quiz}` and `{progress}` of a book.

    extensions = ["selfcheck.sphinx_ext"]     # sphinx.extra_extensions in Jupyter Book
    selfcheck_pools = "book/quizzes"          # folder of the pools
    selfcheck_book = "my-book"                # id under which progress is kept
    selfcheck_serve = "make serve"            # what a reader types for a grader

Prompts, options, and refutations are MyST and rendered by Sphinx, so that formulas,
code, and references in them are checked like any others. The rendered texts leave
the document before it is indexed; keys and refutations are sealed.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

from selfcheck import bundle, catalog, config, keycache, payload, scripts
from selfcheck.directives import ProgressDirective, QuizDirective, settings, warn
from selfcheck.page import NODES, replace_quizzes

log = logging.getLogger(__name__)
SCRIPT, STYLE = "selfcheck.js", "selfcheck.css"
PROGRESS = "selfcheck-progress.js"  # whole: a page with progress needs no other


def resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the rendered and sealed quizzes in the place of their texts."""
    replace_quizzes(app, doctree, docname, warn)


def add_assets(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Load script and style on the pages that have a quiz, progress, or live cells."""
    quizzes = pagename in catalog.quizzes(app.env)
    progress = pagename in catalog.progress_pages(app.env)
    live = doctree is not None and any(
        'class="sc-live"' in raw.rawsource + raw.astext()
        for raw in doctree.findall(nodes.raw)
    )
    serve: Any = {"data-serve": app.config.selfcheck_serve or _serve(app)}
    if quizzes or live:
        app.add_js_file(f"selfcheck/{SCRIPT}", loading_method="defer", **serve)
    if progress:
        app.add_js_file(f"selfcheck/{PROGRESS}", loading_method="defer", **serve)
    if quizzes or live or progress:
        app.add_css_file(f"selfcheck/{STYLE}")


def _pages(env: BuildEnvironment) -> list[str]:
    return [*catalog.quizzes(env), *catalog.progress_pages(env)]


def _serve(app: Sphinx) -> str:
    """Return the command that serves a book with its grader, typed in its folder."""
    return f"python -m selfcheck.server --pools {app.config.selfcheck_pools}"


def copy_bundle(app: Sphinx) -> None:
    """Copy the scripts of the page beside the site's other static files."""
    if app.builder.format != "html":
        return
    target = Path(app.outdir) / "_static" / "selfcheck"
    target.mkdir(parents=True, exist_ok=True)
    for name in bundle.PRODUCTS:
        source = bundle.DIST / name
        if not source.is_file():
            raise ExtensionError(
                f"expected the page's scripts in {bundle.DIST}, found no {name}; "
                "run `python -m selfcheck.bundle`"
            )
        (target / name).write_bytes(source.read_bytes())


def stamp(app: Sphinx, exception: Exception | None) -> None:
    """Put the scripts of the quizzes in order when all pages are written."""
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    entries = [entry for _, entry in catalog.in_order(app.env)]
    scripts.clear(site, "pools", {entry.quiz for entry in entries})
    scripts.clear(site, "answers", {e.quiz for e in entries if not e.exam})
    builder: Any = app.builder
    pages = (Path(builder.get_outfilename(name)) for name in _pages(app.env))
    scripts.stamp(site, pages)


def outdated(
    app: Sphinx, env: BuildEnvironment, added: set, changed: set, removed: set
) -> list[str]:
    """Name the pages whose keys come from other versions than those installed."""
    try:
        now = keycache.versions(settings(app))
    except config.ConfigError:
        return []
    before = getattr(env, "selfcheck_versions", now)
    env.selfcheck_versions = now  # type: ignore[attr-defined]
    return list(catalog.quizzes(env)) if now != before else []


def updated(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name the pages that say something of other pages' quizzes that has changed."""
    catalog.mark_formulas(env)
    return catalog.touched(env)


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of a quiz that is there twice: its links are right on one page only."""
    for quiz, page, first in catalog.twice(env):
        log.warning(
            "expected the quiz `%s` once in the book; it is on the page `%s` already. "
            "Remove one, or make an exam over its pool",
            *(quiz, first),
            location=page,
            type="selfcheck",
            subtype="pool",
        )


def purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget the quizzes of a page that is read again."""
    catalog.forget(env, docname)


def merge(
    app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment
) -> None:
    """Take over what another process read."""
    catalog.merge(env, set(docnames), other)


def setup(app: Sphinx) -> Mapping[str, Any]:
    """Register directives, nodes, and events."""
    app.add_config_value("selfcheck_pools", "book/quizzes", "env", [str])
    app.add_config_value("selfcheck_book", "", "html", [str])
    app.add_config_value("selfcheck_serve", "", "html", [str])
    app.add_directive("quiz", QuizDirective)
    app.add_directive("progress", ProgressDirective)
    for node, visitors in NODES.items():
        app.add_node(node, **visitors)
    app.connect("builder-inited", copy_bundle)
    app.connect("env-get-outdated", outdated)
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", updated)
    app.connect("env-check-consistency", check)
    # After references, formulas, and everything else in the texts is resolved.
    app.connect("doctree-resolved", resolve, priority=900)
    app.connect("html-page-context", add_assets)
    app.connect("build-finished", stamp)
    version = f"1.{payload.SCHEMA}"
    return {
        "version": version,
        "env_version": 2,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
