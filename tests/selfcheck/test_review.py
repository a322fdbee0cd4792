"""Due questions on a terminal: in order, a family once, and every deck is told."""

from pathlib import Path

import pytest
from tests.selfcheck.reader import Script, watch

from selfcheck import cards, exam, keys, payload, progress, stamps, standing, state
from selfcheck.asking import Console
from selfcheck.cards import decks
from selfcheck.progress import Store
from selfcheck.review import Reviewing

START = "2026-03-01T10:00:00.000Z"


class Clock:
    stamp = START


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    for module in (cards, progress, standing):
        monkeypatch.setattr(module, "now", lambda: found.stamp)
    return found


@pytest.fixture
def store(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    watch(monkeypatch)
    return Store("toy-book")


@pytest.fixture(autouse=True)
def computed(toy, book, here) -> None:
    """Execute the keys in this process, once; what follows finds them cached."""
    keys.resolve(toy, book, here)


@pytest.fixture
def half_term(pools: Path, book) -> exam.ExamFile:
    path = pools / "half-term" / "exam.yaml"
    path.parent.mkdir()
    path.write_text(
        "exam: half-term\ntitle: Half term\npools: [toy]\nquiz:\n"
        "  draw: {choice: 1, multiple: 1, output: 1, short: 1, code: 1}\n"
    )
    return exam.load(path, book)


def settle(store: Store, book, slug: str, item: str, right: bool, sure: str) -> None:
    """Answer one question of an attempt of a quiz."""
    file = exam.load_quiz(slug, book)
    quiz = payload.public(file, exam.resolve(file, book), book.book)
    store.apply(quiz, {"type": "start", "seed": "s"})
    event = {"type": "answer", "item": item, "answer": {}, "right": right}
    while any(
        entry["id"] == item and entry["state"] == "open"
        for entry in state.current(store.quiz(slug))["items"]
    ):
        store.apply(quiz, event | {"confidence": sure})


def reviewing(store: Store, book, answers, pool=None, **said) -> Script:
    def sitting(console: Console) -> Reviewing:
        return Reviewing(decks(book, console, store), console, pool)

    return Script(sitting, answers, **said)


LEAVE = {"*": [":skip"] * 6 + [":quit"]}


def test_nothing_is_due_before_a_question_was_asked(store, book):
    script = reviewing(store, book, {})
    script.sitting.run()
    assert script.text == "Nothing is due."


def test_what_is_due_later_is_said_by_its_day(store, book):
    settle(store, book, "toy", "toy-sum", True, "sure")
    script = reviewing(store, book, {})
    script.sitting.run()
    assert script.text == "Nothing is due. The next one comes on 2026-03-02."


def test_a_right_review_moves_the_card_three_days_on(store, book, clock):
    settle(store, book, "toy", "toy-loop", False, "unsure")
    clock.stamp = stamps.later(START, days=1)
    script = reviewing(store, book, {"output": ["RIGHT"]}, sure="s")
    script.sitting.run()
    assert "1 question due for review" in script.text
    assert "Right, 1 point." in script.text and "It comes back on 2026-03-05." in (
        script.text
    )
    assert "1 reviewed, 1 right." in script.text
    kept = store.quiz("toy")
    assert kept["deck"]["toy-loop"]["box"] == 1
    (record,) = kept["reviews"]
    assert record["right"] and record["confidence"] == "sure"
    assert record["variant"] != kept["rounds"][0]["attempts"][0]["items"][0]["variant"]


def test_alarms_come_first_and_then_what_is_due_the_longest(store, book, clock):
    settle(store, book, "toy", "toy-types", True, "guess")
    clock.stamp = stamps.later(START, minutes=1)
    settle(store, book, "toy", "toy-sum", False, "unsure")
    clock.stamp = stamps.later(START, minutes=2)
    settle(store, book, "toy", "toy-loop", False, "sure")
    clock.stamp = stamps.later(START, days=2)
    waiting = reviewing(store, book, LEAVE).sitting.waiting()
    assert [due.family for due in waiting] == ["toy-loop", "toy-types", "toy-sum"]


def test_a_wrong_review_is_refuted_and_shows_its_key(store, book, clock):
    settle(store, book, "toy", "toy-sum", True, "sure")
    clock.stamp = stamps.later(START, days=1)
    script = reviewing(store, book, {"choice": ["WRONG"]}, sure="g")
    script.sitting.run()
    assert (
        "You joined the digits" in script.text or "You took the larger" in script.text
    )
    assert "The key:" in script.text and "Counting on by one" in script.text
    assert "Read again: section toy-add" in script.text
    assert "1 reviewed, 0 right." in script.text
    assert store.quiz("toy")["deck"]["toy-sum"]["box"] == 0


def test_skipped_questions_come_again_and_leaving_keeps_them_due(store, book, clock):
    settle(store, book, "toy", "toy-sum", True, "sure")
    settle(store, book, "toy", "toy-types", True, "sure")
    clock.stamp = stamps.later(START, days=1)
    script = reviewing(
        store,
        book,
        {"multiple": [":skip", ":skip", ":quit"], "choice": [":skip", "RIGHT"]},
    )
    script.sitting.run()
    assert script.text.count("1/2  A toy") == 2
    assert "1 still due; `selfcheck review` goes on" in script.text


def test_giving_up_settles_the_review(store, book, clock):
    settle(store, book, "toy", "toy-sum", True, "sure")
    clock.stamp = stamps.later(START, days=1)
    script = reviewing(store, book, {"choice": [":give"]})
    script.sitting.run()
    (record,) = store.quiz("toy")["reviews"]
    assert not record["right"] and "The key:" in script.text


def test_a_family_in_two_decks_is_asked_once_and_both_are_told(
    store, book, clock, half_term
):
    settle(store, book, "half-term", "toy-sum", False, "sure")
    clock.stamp = stamps.later(START, minutes=5)
    settle(store, book, "toy", "toy-sum", True, "unsure")
    clock.stamp = stamps.later(START, days=1, minutes=10)
    script = reviewing(store, book, {"choice": ["RIGHT"]})
    script.sitting.run()
    assert "1 question due" in script.text and "1/1  Half term" in script.text
    for slug, reviews in (("half-term", 1), ("toy", 0)):
        kept = store.quiz(slug)
        assert len(kept["reviews"]) == reviews
        card = kept["deck"]["toy-sum"]
        assert (card["box"], card["alarm"]) == (1, False)
        assert card["due"] == stamps.later(clock.stamp, days=3)


def test_one_pool_is_reviewed_alone_also_out_of_an_exam(store, book, clock, half_term):
    settle(store, book, "half-term", "toy-sum", False, "sure")
    clock.stamp = stamps.later(START, days=1)
    assert reviewing(store, book, {}, "other").sitting.waiting() == []
    (due,) = reviewing(store, book, {}, "toy").sitting.waiting()
    assert due.family == "toy-sum"


def test_the_overview_counts_without_running_anything(
    store, book, clock, monkeypatch: pytest.MonkeyPatch
):
    settle(store, book, "toy", "toy-loop", True, "sure")
    clock.stamp = stamps.later(START, minutes=1)
    settle(store, book, "toy", "toy-sum", False, "sure")
    monkeypatch.setattr(keys, "attempt", lambda *_, **__: pytest.fail("executed"))
    said = str(standing.overview(book, store))
    assert "A toy (toy): 0 of 2 mastered; an attempt is open" in said
    assert "✗ missed   1 of 2" in said and "new" in said
    assert "Nothing is due for review. The next one comes on 2026-03-02." in said
    assert "sure       1 of 2, 50%" in said


def test_the_overview_speaks_of_mastery_alarms_and_gates(store, book, clock):
    settle(store, book, "toy", "toy-sum", True, "sure")
    settle(store, book, "toy", "toy-loop", True, "guess")
    clock.stamp = stamps.later(START, days=1)
    found = standing.overview(book, store)
    (one,) = found.standings
    assert [row.level for row in one.rows] == ["mastered", "new"]
    assert "2 due for review: `selfcheck review`." in str(found)
    page = found._repr_html_()
    assert "<td>mastered</td><td>2 of 2</td>" in page
    assert "Add two numbers, as in toy-add." in page


def test_a_book_that_was_never_opened_has_an_overview(store, book):
    said = str(standing.overview(book, store))
    assert "not begun" in said and "no question was answered yet" in said
    assert "How sure you were was never said" in said


def test_a_quiz_that_is_not_valid_hides_neither_the_others_nor_itself(
    store, book, clock, pools: Path, half_term
):
    settle(store, book, "toy", "toy-sum", True, "sure")
    settle(store, book, "half-term", "toy-loop", True, "sure")
    clock.stamp = stamps.later(START, days=1)
    path = pools / "half-term" / "exam.yaml"
    path.write_text(path.read_text().replace("[toy]", "[tie]"))
    assert standing.BROKEN.format("half-term") in str(standing.overview(book, store))
    script = reviewing(store, book, {"choice": ["RIGHT"]})
    script.sitting.run()
    assert "half-term cannot be read" in script.text
    assert "1 reviewed, 1 right." in script.text
