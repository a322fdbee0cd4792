"""The reducer under random events: what must hold whatever a reader does."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

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


def test_a_round_has_two_attempts_on_fresh_items_and_then_comes_another():
    now = started("a")
    first = {e["id"] for e in entries(now)}
    now = after([{"type": "finish"}, {"type": "start", "seed": "b"}], start=now)
    assert not first & {e["id"] for e in entries(now)}
    assert [len(r["attempts"]) for r in now["rounds"]] == [2]
    now = after([{"type": "finish"}, {"type": "start", "seed": "c"}], start=now)
    assert [len(r["attempts"]) for r in now["rounds"]] == [2, 1]


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


def test_load_opens_a_changed_item_again_and_keeps_the_others():
    now = started()
    names = [e["id"] for e in entries(now)]
    now = after([answer(names[0], True), answer(names[1], True)], start=now)
    items = [i | {"rev": "new"} if i["id"] == names[0] else i for i in QUIZ["items"]]
    now = after([{"type": "load"}], quiz=QUIZ | {"items": items}, start=now)
    assert entry(now, names[0])["state"] == "open"
    assert entry(now, names[0])["rev"] == "new"
    assert entry(now, names[1])["state"] == "right"


def test_load_drops_an_open_attempt_whose_item_is_gone_without_counting_it():
    now = started()
    gone = entries(now)[0]["id"]
    items = [i for i in QUIZ["items"] if i["id"] != gone]
    now = after([{"type": "load"}], quiz=QUIZ | {"items": items}, start=now)
    assert now["rounds"] == []


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


class Reader(RuleBasedStateMachine):
    """Somebody who does anything at any time."""

    def __init__(self):
        super().__init__()
        self.now = state.empty()
        self.step = 0
        self.points = None

    def do(self, **event):
        self.step += 1
        before = copy.deepcopy(self.now)
        event["now"] = f"2026-01-01T00:{self.step // 60:02d}:{self.step % 60:02d}.000Z"
        after = state.reduce(QUIZ, self.now, event)
        assert self.now == before, "the state that goes in must stay"
        self.check_step(before, after, event)
        self.now = json.loads(json.dumps(after))  # a reload changes nothing
        assert self.now == after

    def check_step(self, before, after, event):
        old = state.current(before)
        if old is None or event["type"] == "reset":
            return
        new = after["rounds"][-1]["attempts"][-1]
        assert [e["id"] for e in new["items"]] == [e["id"] for e in old["items"]]
        for a, b in zip(old["items"], new["items"], strict=True):
            assert b["points"] >= a["points"]
            assert (b["variant"], b["order"]) == (a["variant"], a["order"])
            assert b["tries"][: len(a["tries"])] == a["tries"]
            if a["state"] != "open":
                assert a == b

    @rule(seed=st.text(max_size=5))
    def start(self, seed):
        self.do(type="start", seed=seed)

    @rule(item=st.sampled_from(sorted(ITEMS)), right=st.booleans())
    def answer_any(self, item, right):
        self.do(type="answer", item=item, right=right, answer={"text": "x"})

    @precondition(lambda self: state.current(self.now))
    @rule(index=st.integers(0, 7), right=st.booleans())
    def answer_drawn(self, index, right):
        item = state.current(self.now)["items"][index]["id"]
        self.do(type="answer", item=item, right=right, answer={"text": "x"})

    @rule(item=st.sampled_from(sorted(ITEMS)))
    def give_up(self, item):
        self.do(type="give_up", item=item)

    @rule()
    def finish(self):
        self.do(type="finish")

    @rule()
    def load(self):
        before = self.now
        self.do(type="load")
        assert self.now == before, "an unchanged pool changes nothing"

    @rule()
    def reset(self):
        self.do(type="reset")

    @invariant()
    def tries_and_points_stay_within_bounds(self):
        for round_ in self.now["rounds"]:
            assert 1 <= len(round_["attempts"]) <= QUIZ["attempts"]
            for attempt in round_["attempts"]:
                settled = all(e["state"] != "open" for e in attempt["items"])
                assert settled == (attempt["finished"] is not None)
                for e in attempt["items"]:
                    assert len(e["tries"]) <= ITEMS[e["id"]]["tries"]
                    assert (e["points"] > 0) == (e["state"] == "right")

    @invariant()
    def only_the_last_attempt_is_open(self):
        attempts = [a for r in self.now["rounds"] for a in r["attempts"]]
        assert all(a["finished"] is not None for a in attempts[:-1])

    @invariant()
    def passing_needs_the_points_and_the_program(self):
        for round_ in self.now["rounds"]:
            for attempt in round_["attempts"]:
                if state.summary(QUIZ, attempt)["passed"]:
                    assert sum(e["points"] for e in attempt["items"]) >= 6
                    codes = [e for e in attempt["items"] if "code" in e["id"]]
                    assert [e["state"] for e in codes] == ["right"]


def test_no_sequence_of_events_breaks_the_rules_of_the_game():
    run_state_machine_as_test(
        Reader,
        settings=settings(max_examples=40, stateful_step_count=40, deadline=None),
    )


@given(st.integers(1, 9))
def test_points_of_a_closed_item_never_rise_with_more_tries(n):
    assert state.worth("output", n) >= state.worth("output", n + 1) > 0
    assert state.worth("code", n) == 1
