"""A record of an earlier schema goes on as if it had been kept by today's rules."""

import copy
import json

import pytest

from selfcheck import migrate, progress, state
from selfcheck.progress import NewerError, ProgressError, Store
from selfcheck.streams import toy_quiz

QUIZ = toy_quiz("q") | {"quiz": "q"}
ITEMS = {item["id"]: item for item in QUIZ["items"]}
NOW = "2026-03-01T00:00:00.000Z"


def lived():
    """Return a state of today after a failed attempt and an open one."""
    now = None
    for event in (
        {"type": "start", "seed": "a"},
        {"type": "finish"},
        {"type": "start", "seed": "b"},
    ):
        now = state.reduce(QUIZ, now, event | {"now": NOW})
    for n, entry in enumerate(state.current(now)["items"][:4]):
        said = {"item": entry["id"], "answer": {"text": "x"}, "right": n % 2 == 0}
        now = state.reduce(QUIZ, now, {"type": "answer", "now": NOW} | said)
    return now


def first(now):
    """Return what schema 1 kept of a state."""
    old = {key: copy.deepcopy(now[key]) for key in ("rounds", "seen", "retired")}
    for round_ in old["rounds"]:
        for entry in (e for a in round_["attempts"] for e in a["items"]):
            del entry["stratum"]
    return {"schema": 1, "book": "toy", "revision": 7, "quizzes": {"q": old}}


def test_nothing_that_schema_1_knew_is_lost():
    old = first(lived())
    given = copy.deepcopy(old)
    new = migrate.upgrade(old)
    assert old == given, "what goes in stays as it is"
    assert (new["schema"], new["book"], new["revision"]) == (2, "toy", 7)
    quiz = copy.deepcopy(new["quizzes"]["q"])
    for round_ in quiz["rounds"]:
        for entry in (e for a in round_["attempts"] for e in a["items"]):
            assert entry.pop("stratum") == ""
    assert {key: quiz[key] for key in old["quizzes"]["q"]} == old["quizzes"]["q"]


def test_the_deck_is_folded_from_the_answers_as_if_it_had_always_been_kept():
    now = lived()
    new = migrate.upgrade(first(now))["quizzes"]["q"]
    loaded = state.reduce(QUIZ, new, {"type": "load", "now": NOW})
    assert loaded["deck"] == now["deck"]
    assert loaded["rounds"] == now["rounds"]


@pytest.mark.parametrize(("last", "day"), [("wrong", "06"), ("right", "02")])
def test_a_later_wrong_answer_begins_the_days_anew_and_a_right_one_does_not(last, day):
    old = first(lived())
    attempt = old["quizzes"]["q"]["rounds"][0]["attempts"][0]
    again = copy.deepcopy(attempt) | {"finished": "2026-03-05T00:00:00.000Z"}
    for entry in again["items"]:
        entry["state"] = last
    old["quizzes"]["q"]["rounds"] = [{"attempts": [attempt, again]}]
    deck = migrate.upgrade(old)["quizzes"]["q"]["deck"]
    dues = {card["due"] for card in deck.values()}
    assert dues == {f"2026-03-{day}T00:00:00.000Z"}


def test_what_was_open_makes_no_card():
    old = first(lived())
    entries = old["quizzes"]["q"]["rounds"][0]["attempts"][1]["items"]
    new = migrate.upgrade(old)["quizzes"]["q"]
    still_open = {e["id"] for e in entries if e["state"] == "open"}
    assert still_open and not still_open & set(new["deck"])
    assert {card["due"] for card in new["deck"].values()} == {
        "2026-03-02T00:00:00.000Z"
    }


def test_a_record_of_today_passes_as_it_is():
    data = {"schema": 2, "book": "toy", "quizzes": {"q": lived()}}
    assert migrate.upgrade(copy.deepcopy(data)) == data


def test_a_file_of_schema_1_is_read_and_written_as_schema_2(tmp_path):
    path = tmp_path / "toy.json"
    path.write_text(json.dumps(first(lived())))
    store = Store("toy", path)
    store.apply(QUIZ, {"type": "load", "now": NOW})
    kept = json.loads(path.read_text())
    assert kept["schema"] == 2 and kept["revision"] == 8
    assert kept["quizzes"]["q"]["deck"] == lived()["deck"]
    assert store.notes == []


def test_a_file_of_schema_1_is_imported(tmp_path):
    path = tmp_path / "old.json"
    path.write_text(json.dumps(first(lived())))
    store = Store("toy", tmp_path / "new.json")
    assert store.import_from(path) == ["q"]
    assert store.quiz("q")["reviews"] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema": 0}, "greater than or equal to 1"),
        ({"schema": True}, "expected a progress file"),
        ({"quizzes": {"q": {}}}, "quizzes.q.rounds"),
        ({"quizzes": {"q": {"rounds": [{"attempts": []}], "seen": {}}}}, "attempts"),
    ],
)
def test_a_damaged_file_is_refused_with_its_place(change, said):
    with pytest.raises(ProgressError, match=said):
        progress.parse(json.dumps(first(lived()) | change))


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("deck", []),
        ("deck", {"q": {"item": "q"}}),
        ("gate", {"since": "yesterday", "sections": []}),
        ("gate", {"since": "2026-02-30T00:00:00.000Z", "sections": []}),
        ("retired", {"q": "tomorrow"}),
        ("reviews", [3]),
    ],
)
def test_times_and_cards_that_no_rule_can_use_are_refused(part, value):
    quiz = lived() | {part: value}
    with pytest.raises(ProgressError, match=rf"quizzes\.q\.{part}"):
        progress.parse(json.dumps({"schema": 2, "book": "b", "quizzes": {"q": quiz}}))


def test_a_later_schema_is_told_from_a_damaged_file():
    with pytest.raises(NewerError, match="expected schema 2, got 3"):
        progress.parse('{"schema": 3, "book": "b", "quizzes": 1}')
