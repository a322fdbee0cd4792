"""The review deck of each quiz on the terminal: its cards, and where they are asked."""

from collections.abc import Mapping
from typing import Any

from selfcheck import exam, payload, state, terminal
from selfcheck.asking import Console
from selfcheck.config import Config
from selfcheck.desk import Desk
from selfcheck.exam import ExamFile
from selfcheck.keys import Keys
from selfcheck.load import PoolFile
from selfcheck.problems import PoolError
from selfcheck.progress import Store, now
from selfcheck.standing import BROKEN

Json = Mapping[str, Any]


class Deck:
    """The cards of one quiz, and where its questions are asked."""

    def __init__(
        self,
        file: PoolFile | ExamFile,
        config: Config,
        keys: Keys,
        console: Console,
        store: Store,
    ) -> None:
        self.quiz = payload.public(file, keys, config.book)
        self.desk = Desk(file, keys, config, console, self.quiz)
        self.store, self.say = store, console.say
        self.do(type="load")

    def do(self, **event: Any) -> None:
        """Apply an event to the quiz's state, which is stored."""
        self.now = self.store.apply(self.quiz, event)
        while self.store.notes:
            self.say(terminal.style(self.store.notes.pop(0), "wrong"))

    def due(self, pool: str | None = None) -> list[str]:
        """Return the families to be asked; of one pool when it is named."""
        found = state.due(self.quiz, self.now, now())
        return [name for name in found if pool is None or pool in self.pools(name)]

    def pools(self, family: str) -> set[str]:
        """Return the pools that the items of a family are in."""
        kin = [item for item in self.quiz["items"] if item["family"] == family]
        return {item.get("pool", self.quiz["quiz"]) for item in kin}

    def card(self, family: str) -> dict[str, Any]:
        """Return the card of a family."""
        return self.now["deck"][family]


def decks(
    config: Config,
    console: Console,
    store: Store,
    progress: Any = None,
) -> list[Deck]:
    """Return the decks of all quizzes of the book that have cards.

    Keys that are not cached are computed; raises SandboxError when they cannot be. A
    quiz that is not valid is left out, and said to be.
    """
    known = [*config.slugs(), *config.exams()]
    kept = store.read()["quizzes"]
    found = []
    for slug in known:
        if kept.get(slug, {}).get("deck"):
            try:
                file = exam.load_quiz(slug, config)
                keys = exam.resolve(file, config, progress=progress)
            except PoolError:
                console.say(BROKEN.format(slug))
                continue
            found.append(Deck(file, config, keys, console, store))
    return found
