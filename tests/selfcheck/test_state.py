"""The rules of the game, one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfcheck import state
from selfcheck.golden import toy_quiz

QUIZ = toy_quiz("q")
ITEMS = {item["id"]: item for item in QUIZ["items"]}
NOW = "2026-03-01T00:00:00.000Z"


def after(events, quiz=QUIZ, start=None):
    now = start
    for event in events:
        now = state.reduce(quiz, now, {"now": NOW} | event)
    return now


def started(seed="a", quiz=QUIZ):
    return after([{"type": "start", "seed": seed}], quiz)


def answer(item, right, text="x"):
    return {"type": "answer", "item": item, "right": right, "answer": {"text": text}}


def entries(now):
    return now["rounds"][-1]["attempts"][-1]["items"]


def first_of(now, kind):
    return next(e["id"] for e in entries(now) if ITEMS[e["id"]]["type"] == kind)


def entry(now, name):
    return next(e for e in entries(now) if e["id"] == name)


def all_right(now):
    return [answer(e["id"], True) for e in entries(now)]


def test_start_draws_eight_items_with_variant_and_option_order():
    now = started()
    assert len(entries(now)) == 8
    for e in entries(now):
        item = ITEMS[e["id"]]
        assert 0 <= e["variant"] < item["variants"]
        assert sorted(e["order"]) == list(range(item["options"]))
        assert e["rev"] == item["rev"]
    assert set(now["seen"].values()) == {1}


def test_start_keeps_an_open_attempt_as_it_is():
    now = started()
    assert after([{"type": "start", "seed": "b"}], start=now) == now


def test_a_choice_has_one_try():
    now = started()
    name = first_of(now, "choice")
    now = after([answer(name, False), answer(name, True)], start=now)
    assert entry(now, name)["state"] == "wrong"
    assert len(entry(now, name)["tries"]) == 1


def test_the_second_try_of_an_output_is_worth_half():
    now = started()
    name = first_of(now, "output")
    now = after([answer(name, False)], start=now)
    assert entry(now, name)["state"] == "open"
    now = after([answer(name, True)], start=now)
    assert (entry(now, name)["state"], entry(now, name)["points"]) == ("right", 0.5)


def test_a_program_has_five_submissions_at_full_worth():
    now = started()
    name = first_of(now, "code")
    now = after([answer(name, False)] * 4 + [answer(name, True)], start=now)
    assert (entry(now, name)["state"], entry(now, name)["points"]) == ("right", 1)
    other = started("b")
    name = first_of(other, "code")
    other = after([answer(name, False)] * 6, start=other)
    assert entry(other, name)["state"] == "wrong"
    assert len(entry(other, name)["tries"]) == 5


def test_the_last_settled_item_finishes_the_attempt_and_it_passes():
    now = started()
    now = after(all_right(now), start=now)
    attempt = now["rounds"][0]["attempts"][0]
    assert attempt["finished"] == NOW
    assert state.summary(QUIZ, attempt) == {
        "points": 8,
        "of": 8,
        "right": 8,
        "open": 0,
        "waiting": 0,
        "missed": [],
        "passed": True,
    }


def test_an_attempt_waits_for_its_program_and_has_not_passed():
    now = started()
    name = first_of(now, "code")
    events = [e for e in all_right(now) if e["item"] != name]
    now = after(events, start=now)
    result = state.summary(QUIZ, state.current(now))
    assert (result["points"], result["waiting"], result["passed"]) == (7, 1, False)


def test_a_wrong_program_fails_an_attempt_with_seven_points():
    now = started()
    name = first_of(now, "code")
    events = [e for e in all_right(now) if e["item"] != name]
    now = after([*events, {"type": "give_up", "item": name}], start=now)
    result = state.summary(QUIZ, now["rounds"][0]["attempts"][0])
    assert (result["points"], result["passed"]) == (7, False)


def test_a_round_has_two_attempts_on_fresh_items():
    now = started("a")
    first = {e["id"] for e in entries(now)}
    now = after([{"type": "finish"}, {"type": "start", "seed": "b"}], start=now)
    assert not first & {e["id"] for e in entries(now)}
    assert [len(r["attempts"]) for r in now["rounds"]] == [2]


def test_a_passed_attempt_ends_its_round():
    now = started()
    now = after([*all_right(now), {"type": "start", "seed": "b"}], start=now)
    assert [len(r["attempts"]) for r in now["rounds"]] == [1, 1]


def test_a_key_opens_when_its_item_is_right_or_the_round_is_over():
    now = started()
    choice, output = first_of(now, "choice"), first_of(now, "output")
    now = after([answer(choice, False), answer(output, True)], start=now)
    assert not state.key_is_open(QUIZ, now, entry(now, choice))
    assert state.key_is_open(QUIZ, now, entry(now, output))
    now = after([{"type": "finish"}], start=now)
    assert not state.key_is_open(QUIZ, now, entry(now, choice))
    again = [{"type": "start", "seed": "b"}, {"type": "finish"}]
    now = after(again, start=now)
    assert state.key_is_open(QUIZ, now, entries(now)[0])


def test_reset_forgets_rounds_and_remembers_what_was_seen():
    now = after([{"type": "finish"}, {"type": "reset"}], start=started())
    assert now["rounds"] == [] and len(now["seen"]) == 8


def test_load_asks_an_open_question_that_changed_anew_and_keeps_what_is_settled():
    now = started()
    settled = first_of(now, "choice")
    tried = first_of(now, "output")
    now = after([answer(settled, False), answer(tried, False)], start=now)
    items = [
        i | {"rev": "new"} if i["id"] in (settled, tried) else i for i in QUIZ["items"]
    ]
    changed = after([{"type": "load"}], quiz=QUIZ | {"items": items}, start=now)
    assert entry(changed, settled) == entry(now, settled)
    fresh = entry(changed, tried)
    assert (fresh["rev"], fresh["state"], fresh["tries"]) == ("new", "open", [])


def test_load_replaces_an_open_question_that_is_gone_by_one_of_its_stratum():
    now = started()
    gone = entries(now)[0]
    items = [i for i in QUIZ["items"] if i["id"] != gone["id"]]
    changed = after([{"type": "load"}], quiz=QUIZ | {"items": items}, start=now)
    assert len(entries(changed)) == 8
    assert entries(changed)[1:] == entries(now)[1:]
    other = entries(changed)[0]
    assert other["stratum"] == gone["stratum"] and other["id"] in ITEMS
    families = [ITEMS[e["id"]]["family"] for e in entries(changed)]
    assert len(set(families)) == 8


def test_retired_items_come_back_when_their_time_is_over():
    names = [i["id"] for i in QUIZ["items"] if i["type"] == "code"]
    rest = {names[0]: "2026-03-02T00:00:00.000Z", names[1]: "2026-02-01T00:00:00.000Z"}
    drawn = {
        first_of(
            after(
                [{"type": "start", "seed": f"{n}"}],
                start=state.empty() | {"retired": rest},
            ),
            "code",
        )
        for n in range(30)
    }
    assert drawn == set(names) - {names[0]}


def test_an_unknown_event_is_refused_by_name():
    with pytest.raises(ValueError, match=r"expected an event .*got 'cheat'"):
        after([{"type": "cheat"}])


@given(st.integers(1, 9))
def test_points_of_a_closed_item_never_rise_with_more_tries(n):
    assert state.worth("output", n) >= state.worth("output", n + 1) > 0
    assert state.worth("code", n) == 1
