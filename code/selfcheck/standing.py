"""Where a reader stands: objectives per quiz, what is due, how well doubt fits.

Nothing is executed for it. Of the items only ids, families, and objectives count, so
the overview is there at once, also before any key of the book was computed.
"""

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from selfcheck import exam, payload, state, terminal
from selfcheck.answers import Answers
from selfcheck.config import Config
from selfcheck.exam import ExamFile
from selfcheck.load import PoolFile
from selfcheck.problems import PoolError
from selfcheck.progress import Store, now
from selfcheck.variants import combinations

Json = Mapping[str, Any]
MARKS = {"mastered": "✓", "begun": "·", "missed": "✗", "new": " "}
BROKEN = "{0} cannot be read; `selfcheck lint {0}` says why."
SAID = {"guess": "a guess", "unsure": "unsure", "sure": "sure"}


@dataclass(frozen=True)
class Row:
    """One objective: its level, how often it was asked and right, its ability."""

    level: str
    asked: int
    right: int
    text: str


@dataclass(frozen=True)
class Standing:
    """One quiz; `due` counts cards, `result` is how the last attempt came out."""

    slug: str
    title: str
    rows: tuple[Row, ...]
    due: int
    next_due: str | None
    result: str

    @property
    def mastered(self) -> int:
        """How many objectives are mastered."""
        return sum(row.level == "mastered" for row in self.rows)


@dataclass(frozen=True)
class Overview:
    """All quizzes of a book, and the reader's calibration, in text and HTML.

    `broken` names quizzes that cannot be read.
    """

    standings: tuple[Standing, ...]
    calibration: Mapping[str, Mapping[str, int]]
    broken: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the overview as `selfcheck progress` prints it."""
        parts = [block for one in self.standings for block in _block(one)]
        parts += [BROKEN.format(slug) for slug in self.broken]
        return "\n".join([*parts, *self._due(), "", *self._sure()])

    __repr__ = __str__

    def _due(self) -> Iterator[str]:
        number = sum(one.due for one in self.standings)
        later = sorted(one.next_due for one in self.standings if one.next_due)
        if number:
            yield f"{number} due for review: `selfcheck review`."
        elif later:
            yield f"Nothing is due for review. The next one comes on {later[0][:10]}."
        else:
            yield "Nothing is due for review: no question was answered yet."

    def _sure(self) -> Iterator[str]:
        if not any(found["n"] for found in self.calibration.values()):
            yield "How sure you were was never said: take a quiz, and say it there."
            return
        yield "Right at the first try, when you said you were"
        for name, found in self.calibration.items():
            share = f", {found['right'] / found['n']:.0%}" if found["n"] else ""
            yield f"  {SAID[name]:8} {found['right']:3} of {found['n']}{share}"

    def _repr_html_(self) -> str:
        rows = "".join(_html_rows(one) for one in self.standings)
        rest = "<br>".join(map(html.escape, [*self._due(), *self._sure()]))
        head = "<tr><th>Quiz</th><th>Ability</th><th>Level</th><th>Right</th></tr>"
        return f"<table>{head}{rows}</table><p>{rest}</p>"


def _block(one: Standing) -> Iterator[str]:
    head = f"{one.title} ({one.slug}): {one.mastered} of {len(one.rows)} mastered"
    due = f", {one.due} due" if one.due else ""
    yield terminal.style(f"{head}{due}; {one.result}", "bold")
    for row in one.rows if any(row.asked for row in one.rows) else ():
        count = f"{row.right} of {row.asked}" if row.asked else ""
        mark = f"  {MARKS[row.level]} {row.level:8} {count:9} "
        yield terminal.item(mark.rstrip().ljust(22), row.text)
    yield ""


def _html_rows(one: Standing) -> str:
    cells = [
        (one.title, terminal.plain(row.text), row.level, f"{row.right} of {row.asked}")
        for row in one.rows
    ]
    return "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
        for row in cells
    )


def overview(config: Config, store: Store) -> Overview:
    """Return where the reader stands in every quiz of the book that can be read."""
    kept = store.read()["quizzes"]
    standings, states, broken = [], [], []
    for slug in [*config.slugs(), *config.exams()]:
        try:
            file = exam.load_quiz(slug, config)
        except PoolError:
            broken.append(slug)
            continue
        quiz = outline(file, config)
        event = {"type": "load", "now": now()}
        found = state.reduce(quiz, kept.get(slug), event)
        states.append(found)
        standings.append(_standing(file, quiz, found))
    sure = state.calibration(states)
    return Overview(tuple(standings), sure, tuple(broken))


def outline(file: PoolFile | ExamFile, config: Config) -> dict[str, Any]:
    """Return a quiz's public data without its answers: what counting needs.

    Revisions in it are not those of the quiz; it must not be used to ask or store.
    """
    blank = {item.id: (Answers({}),) * len(combinations(item)) for item in file.items}
    return payload.public(file, blank, config.book)


def _standing(file: PoolFile | ExamFile, quiz: Json, found: state.State) -> Standing:
    levels = state.mastery(quiz, found)
    rows = tuple(
        Row(level["level"], level["asked"], level["right"], aim.text)
        for name, aim in file.objectives.items()
        if (level := levels.get(name, {"level": "new", "asked": 0, "right": 0}))
    )
    cards = [card["due"] for card in found["deck"].values() if card["due"]]
    return Standing(
        slug=file.slug,
        title=file.title,
        rows=rows,
        due=len(state.due(quiz, found, now())),
        next_due=min(cards, default=None),
        result=_result(quiz, found),
    )


def _result(quiz: Json, found: state.State) -> str:
    """Say how far the last round came."""
    if not found["rounds"]:
        return "not begun"
    if state.current(found):
        return "an attempt is open"
    attempts = found["rounds"][-1]["attempts"]
    results = [state.summary(quiz, attempt) for attempt in attempts]
    if any(result["passed"] for result in results):
        return "passed"
    return "the next round waits" if state.gate(quiz, found, now()) else "not passed"
