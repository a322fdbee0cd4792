"""The directive `{quiz}`: a pool becomes the quiz of a page.

    extensions = ["selfcheck.sphinx_ext"]     # sphinx.extra_extensions in Jupyter Book
    selfcheck_pools = "book/quizzes"          # folder of the pools
    selfcheck_book = "my-book"                # id under which progress is kept

Prompts, options, and refutations are MyST and rendered by Sphinx, so that formulas,
code, and references in them are checked like any others. The rendered texts leave
the document before it is indexed; keys and refutations are sealed.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from selfcheck import bundle, config, keycache, keys, load, payload, scripts
from selfcheck.page import NODES, Quiz, Words, replace_quizzes
from selfcheck.problems import PoolError, Problem
from selfcheck.sandbox import SandboxError
from selfcheck.texts import Text, texts

log = logging.getLogger(__name__)
SCRIPT, STYLE = "selfcheck.js", "selfcheck.css"


def settings(app: Sphinx) -> config.Config:
    """Return the configuration of the book that is built."""
    folder = Path(app.confdir or app.srcdir) / app.config.selfcheck_pools
    found = config.read(folder)
    name = app.config.selfcheck_book or found.book
    return config.Config(**{**vars(found), "book": name})


def warn(problem: Problem) -> None:
    """Report a finding as a warning at its line; `-W` makes it an error."""
    log.warning(
        "%s",
        problem.message,
        location=f"{problem.path}:{problem.line}",
        type="selfcheck",
        subtype=problem.rule,
    )


class QuizDirective(SphinxDirective):
    """``{quiz} slug`` puts the quiz of a pool here."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Parse every text of the pool; rendering waits until references resolve."""
        slug = self.arguments[0]
        try:
            book = settings(self.env.app)
            path = book.pool_file(slug)
            self.env.note_dependency(str(path))
            self.env.note_dependency(str(book.pools / config.NAME))
            file = load.load(path, book)
        except config.ConfigError as error:
            place = self.get_location()
            log.warning("%s", error, location=place, type="selfcheck", subtype="pool")
            return []
        except PoolError as error:
            for problem in error.problems:
                warn(problem)
            return []
        for part in sorted(file.folder.glob("*/*.py")) + sorted(
            file.folder.glob("*/right/*.py")
        ):
            self.env.note_dependency(str(part))
        answers = _answers(file, book)
        quiz = Quiz(file=file, keys=answers, book=book.book)
        quiz += [self._parse(text, path) for text in texts(file)]
        _quizzes(self.env).setdefault(self.env.docname, []).append(slug)
        return [quiz]

    def _parse(self, text: Text, path: Path) -> nodes.Element:
        words = Words(label=text.label)
        words.source, words.line = str(path), text.line
        with _source(self.state.document, path):
            block = StringList(text.source.splitlines(), source=str(path))
            self.state.nested_parse(block, text.line - 1 - self.lineno, words)
        return words


def _answers(file: load.PoolFile, book: config.Config) -> keys.Keys:
    def told(done: int, total: int) -> None:
        if done % 20 == 0 or done == total:
            log.info("quiz %s: %d of %d programs ran", file.pool.pool, done, total)

    try:
        found, problems = keys.attempt(file, book, progress=told)
    except SandboxError as error:
        raise ExtensionError(
            f"{file.path}: no key could be computed. {error}"
        ) from None
    for problem in problems:
        warn(problem)
    return found


@contextmanager
def _source(document: nodes.document, path: Path) -> Iterator[None]:
    """Let nodes and warnings name the pool file as their source."""
    reporter = document.reporter
    before = document["source"], getattr(reporter, "get_source_and_line", None)
    document["source"] = str(path)
    reporter.get_source_and_line = lambda line=None: (str(path), line)
    try:
        yield
    finally:
        document["source"], reporter.get_source_and_line = before


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
    """Load script and style on the pages that have a quiz or live cells."""
    quizzes = pagename in _quizzes(app.env)
    live = doctree is not None and any(
        'class="sc-live"' in raw.rawsource + raw.astext()
        for raw in doctree.findall(nodes.raw)
    )
    if quizzes or live:
        app.add_js_file(f"selfcheck/{SCRIPT}", loading_method="defer")
        app.add_css_file(f"selfcheck/{STYLE}")


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


def _quizzes(env: BuildEnvironment) -> dict[str, list[str]]:
    if not hasattr(env, "selfcheck_quizzes"):
        env.selfcheck_quizzes = {}
    return env.selfcheck_quizzes


def stamp(app: Sphinx, exception: Exception | None) -> None:
    """Put the scripts of the quizzes in order when all pages are written."""
    if exception or app.builder.format != "html" or app.builder.name == "linkcheck":
        return
    site, quizzes = Path(app.outdir), _quizzes(app.env)
    slugs = {slug for found in quizzes.values() for slug in found}
    for kind in ("answers", "pools"):
        scripts.clear(site, kind, slugs)
    pages = (Path(app.builder.get_outfilename(name)) for name in sorted(quizzes))
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
    env.selfcheck_versions = now
    return list(_quizzes(env)) if now != before else []


def purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget the quizzes of a page that is read again."""
    _quizzes(env).pop(docname, None)


def merge(
    app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment
) -> None:
    """Take over what another process read."""
    for docname, slugs in _quizzes(other).items():
        if docname in docnames:
            _quizzes(env)[docname] = slugs


def setup(app: Sphinx) -> Mapping[str, Any]:
    """Register directive, nodes, and events."""
    app.add_config_value("selfcheck_pools", "book/quizzes", "env", [str])
    app.add_config_value("selfcheck_book", "", "html", [str])
    app.add_directive("quiz", QuizDirective)
    for node, visitors in NODES.items():
        app.add_node(node, **visitors)
    app.connect("builder-inited", copy_bundle)
    app.connect("env-get-outdated", outdated)
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
    # After references, formulas, and everything else in the texts is resolved.
    app.connect("doctree-resolved", resolve, priority=900)
    app.connect("html-page-context", add_assets)
    app.connect("build-finished", stamp)
    version = f"1.{payload.SCHEMA}"
    return {
        "version": version,
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
