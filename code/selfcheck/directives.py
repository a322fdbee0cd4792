"""The directives `{quiz}` and `{progress}`: what they read, and what they leave."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from selfcheck import catalog, config, exam, keys
from selfcheck.exam import ExamFile
from selfcheck.load import PoolFile
from selfcheck.page import Progress, Quiz, Words
from selfcheck.problems import PoolError, Problem
from selfcheck.sandbox import SandboxError
from selfcheck.texts import Text, aims, texts

log = logging.getLogger(__name__)


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
    """``{quiz} slug`` puts the quiz of a pool, or an exam, here."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Parse the texts of the quiz; rendering waits until references resolve.

        An exam asks the questions of its pools' own pages, so that here its objectives
        alone are rendered.
        """
        try:
            book = settings(self.env.app)
            path = book.quiz_file(self.arguments[0])
            for part in _parts(path, book):
                self.env.note_dependency(str(part))
            file = exam.load_quiz(path.parent.name, book)
        except config.ConfigError as error:
            place = self.get_location()
            log.warning("%s", error, location=place, type="selfcheck", subtype="pool")
            return []
        except PoolError as error:
            for problem in error.problems:
                warn(problem)
            return []
        for part in (part for pool in file.pools for part in _programs(pool)):
            self.env.note_dependency(str(part))
        quiz = Quiz(file=file, keys=_answers(file, book), book=book.book)
        listed = aims(file) if isinstance(file, ExamFile) else texts(file)
        quiz += [self._parse(text) for text in listed]
        found = catalog.quizzes(self.env).setdefault(self.env.docname, [])
        found.append(catalog.Entry.of(file))
        return [quiz]

    def _parse(self, text: Text) -> nodes.Element:
        words = Words(label=text.label)
        words.source, words.line = str(text.path), text.line
        with _source(self.state.document, text.path):
            block = StringList(text.source.splitlines(), source=str(text.path))
            self.state.nested_parse(block, text.line - 1 - self.lineno, words)
        return words


class ProgressDirective(SphinxDirective):
    """``{progress}`` puts the reader's progress in all quizzes of the book here."""

    def run(self) -> list[nodes.Node]:
        """Leave a place: which quizzes there are is known when all pages are read."""
        catalog.progress_pages(self.env)[self.env.docname] = None
        return [Progress(book=settings(self.env.app).book)]


def _parts(path: Path, book: config.Config) -> Iterator[Path]:
    """Yield the files whose change makes a quiz another one, the broken ones, too."""
    yield path
    yield book.pools / config.NAME
    if path.name == "exam.yaml":
        yield from (book.pools / slug / "pool.yaml" for slug in exam.named(path))


def _programs(file: PoolFile) -> list[Path]:
    folder = file.folder
    return sorted([*folder.glob("*/*.py"), *folder.glob("*/right/*.py")])


def _answers(file: PoolFile | ExamFile, book: config.Config) -> keys.Keys:
    """Return the keys of a quiz; what is wrong is told where its pool stands."""
    found: keys.Keys = {}
    for pool in file.pools:

        def told(done: int, total: int, name: str = pool.slug) -> None:
            if done % 20 == 0 or done == total:
                log.info("quiz %s: %d of %d programs ran", name, done, total)

        try:
            some, problems = keys.attempt(pool, book, progress=told)
        except SandboxError as error:
            raise ExtensionError(
                f"{pool.path}: no key could be computed. {error}"
            ) from None
        found |= some
        for problem in problems if pool is file else ():
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
