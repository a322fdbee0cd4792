"""What a build knows of the book's quizzes: which page has which, and who must know.

It lives in Sphinx's environment, so that a build that reads one page knows the others.
Exams and the progress page speak of quizzes on other pages: they are written again
when something there changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sphinx.environment import BuildEnvironment

from selfcheck.exam import ExamFile
from selfcheck.load import PoolFile


@dataclass(frozen=True)
class Entry:
    """A quiz on a page, as other pages see it."""

    quiz: str
    title: str
    exam: bool
    pools: tuple[str, ...]
    anchors: tuple[str, ...]

    @classmethod
    def of(cls, file: PoolFile | ExamFile) -> "Entry":
        """Return the entry of a pool or an exam."""
        return cls(
            quiz=file.slug,
            title=file.title,
            exam=isinstance(file, ExamFile),
            pools=tuple(pool.slug for pool in file.pools),
            anchors=tuple(aim.anchor for aim in file.objectives.values()),
        )


def quizzes(env: BuildEnvironment) -> dict[str, list[Entry]]:
    """Return the quizzes of each page that has some."""
    return _kept(env, "selfcheck_quizzes", {})


def progress_pages(env: BuildEnvironment) -> dict[str, None]:
    """Return the pages that have a `{progress}`; the first in the toc is the page."""
    return _kept(env, "selfcheck_progress", {})


def _kept(env: Any, name: str, empty: Any) -> Any:
    if not hasattr(env, name):
        setattr(env, name, empty)
    return getattr(env, name)


def in_order(env: BuildEnvironment) -> list[tuple[str, Entry]]:
    """Return every quiz with its page, in the order of the table of contents."""
    order = _toc(env)
    found = quizzes(env)
    return [
        (page, entry)
        for page in sorted(found, key=lambda page: (order.get(page, len(order)), page))
        for entry in found[page]
    ]


def _toc(env: BuildEnvironment) -> dict[str, int]:
    return {page: n for n, page in enumerate(env.collect_relations())}


def home(env: BuildEnvironment, quiz: str) -> str | None:
    """Return the page of a quiz, or None when it is on none."""
    return next((page for page, entry in in_order(env) if entry.quiz == quiz), None)


def progress_page(env: BuildEnvironment) -> str | None:
    """Return the page with the reader's progress, or None when there is none."""
    order = _toc(env)
    pages = sorted(progress_pages(env), key=lambda page: order.get(page, len(order)))
    return pages[0] if pages else None


def twice(env: BuildEnvironment) -> Iterator[tuple[str, str, str]]:
    """Yield quiz, second page, and first page of quizzes that are there twice."""
    first: dict[str, str] = {}
    for page, entry in in_order(env):
        if entry.quiz in first:
            yield entry.quiz, page, first[entry.quiz]
        first.setdefault(entry.quiz, page)


def touched(env: BuildEnvironment) -> list[str]:
    """Return the pages that show something of other pages that is no longer so."""
    now = dict(_views(env))
    before = _kept(env, "selfcheck_views", now)
    env.selfcheck_views = now  # type: ignore[attr-defined]
    return [page for page in now if before.get(page, now[page]) != now[page]]


def _views(env: BuildEnvironment) -> Iterator[tuple[str, Any]]:
    """Yield what each page shows of others."""
    labels = env.get_domain("std").labels  # type: ignore[attr-defined]
    listed, progress = in_order(env), progress_page(env)
    homes = {entry.quiz: page for page, entry in listed}
    for page, entries in quizzes(env).items():
        anchors = {a: labels.get(a) for entry in entries for a in entry.anchors}
        drawn = {p: homes.get(p) for e in entries if e.exam for p in e.pools}
        yield page, (progress, anchors, drawn)
    for page in progress_pages(env):
        yield page, listed


def mark_formulas(env: BuildEnvironment) -> None:
    """Let pages that show other pages' questions load what formulas need."""
    has: dict[str, bool] = env.get_domain("math").data["has_equations"]
    listed = in_order(env)
    homes = {entry.quiz: page for page, entry in listed}
    for page, entry in listed:
        if entry.exam and any(has.get(homes.get(pool, "")) for pool in entry.pools):
            has[page] = True
    if any(has.get(page) for page in homes.values()):
        has.update(dict.fromkeys(progress_pages(env), True))


def forget(env: BuildEnvironment, page: str) -> None:
    """Forget what stood on a page that is read again, or gone."""
    quizzes(env).pop(page, None)
    progress_pages(env).pop(page, None)


def merge(env: BuildEnvironment, pages: set[str], other: BuildEnvironment) -> None:
    """Take over what another process read."""
    for of in (quizzes, progress_pages):
        of(env).update({page: of(other)[page] for page in pages & set(of(other))})
