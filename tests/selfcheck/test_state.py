"""The rules of the game, one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfcheck import stamps, state
from selfcheck.streams import toy_quiz

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


def attempts(now):
    return [attempt for round_ in now["rounds"] for attempt in round_["attempts"]]


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


def at(minutes=0, days=0):
    return stamps.later(NOW, minutes=minutes, days=days)


def failed(quiz=QUIZ):
    """Return a state whose first round is over, without a pass."""
    events = [{"type": "finish"}, {"type": "start", "seed": "b"}, {"type": "finish"}]
    return after(events, quiz, started(quiz=quiz))


def read(now, quiz=QUIZ):
    aims = now["gate"]["sections"]
    return after([{"type": "visit", "objective": aim} for aim in aims], quiz, now)


def test_a_failed_round_shuts_the_gate_on_all_objectives_that_were_missed():
    now = failed()
    missed = {ITEMS[e["id"]]["objective"] for a in attempts(now) for e in a["items"]}
    assert now["gate"] == {"since": NOW, "sections": sorted(missed)}
    wanted = {"until": at(10), "sections": sorted(missed)}
    assert state.gate(QUIZ, now, NOW) == wanted
    for minutes in (0, 10, 9999):
        start = {"type": "start", "seed": "c", "now": at(minutes)}
        assert after([start], start=now) == now


def test_objectives_that_were_right_are_not_on_the_list_of_the_gate():
    quiz = QUIZ | {"attempts": 1}
    now = started(quiz=quiz)
    code = first_of(now, "code")
    others = [e for e in all_right(now) if e["item"] != code]
    now = after([*others, *[answer(code, False)] * 5], quiz, now)
    assert now["gate"]["sections"] == [ITEMS[code]["objective"]]


def test_the_gate_opens_when_sections_were_opened_and_ten_minutes_are_over():
    now = read(failed())
    start = {"type": "start", "seed": "c"}
    early = after([start | {"now": at(9)}], start=now)
    assert early == now and state.gate(QUIZ, now, at(9))["sections"] == []
    assert state.gate(QUIZ, now, at(10)) is None
    late = after([start | {"now": at(10)}], start=now)
    assert [len(r["attempts"]) for r in late["rounds"]] == [2, 1]
    assert late["gate"] is None


def test_a_section_may_be_opened_before_or_after_the_time_is_over():
    now = failed()
    *some, last = now["gate"]["sections"]
    visits = [{"type": "visit", "objective": aim} for aim in some]
    now = after(visits, start=now)
    assert state.gate(QUIZ, now, at(99)) == {"until": at(10), "sections": [last]}
    now = after([{"type": "visit", "objective": last, "now": at(99)}], start=now)
    assert state.gate(QUIZ, now, at(99)) is None


def test_a_visit_without_a_gate_and_of_another_section_changes_nothing():
    now = started()
    assert after([{"type": "visit", "objective": "aim-0"}], start=now) == now
    now = failed()
    assert after([{"type": "visit", "objective": "other"}], start=now) == now


def test_passing_leaves_no_gate():
    now = started()
    assert after(all_right(now), start=now)["gate"] is None


def test_a_quiz_may_have_no_gate():
    quiz = QUIZ | {"gate": 0}
    now = after([{"type": "start", "seed": "c"}], quiz, failed(quiz))
    assert [len(r["attempts"]) for r in now["rounds"]] == [2, 1]


def test_a_gate_shut_in_the_future_is_taken_for_shut_now():
    now = read(failed())
    now["gate"]["since"] = at(days=365)
    assert state.gate(QUIZ, now, NOW) == {"until": at(10), "sections": []}
    loaded = after([{"type": "load"}], start=now)
    assert loaded["gate"]["since"] == NOW
    assert after([{"type": "start", "seed": "c"}], start=now) == loaded
    assert state.gate(QUIZ, loaded, at(10)) is None


def test_the_gate_does_not_ask_for_sections_that_no_item_needs_any_more():
    items = [item | {"objective": "new"} for item in QUIZ["items"]]
    quiz, now = QUIZ | {"items": items}, failed()
    assert state.gate(quiz, now, at(5)) == {"until": at(10), "sections": []}
    assert after([{"type": "load"}], quiz, now)["gate"]["sections"] == []


def test_a_right_answer_and_the_end_of_a_round_let_items_rest():
    now = started()
    first, second = entries(now)[:2]
    now = after([answer(first["id"], True)], start=now)
    assert now["retired"] == {first["id"]: at(days=7)}
    now = after([answer(second["id"], False)] * 5, start=now)
    now = after([{"type": "finish"}], start=now)
    assert set(now["retired"]) == {first["id"]}, "the round goes on: keys stay shut"
    now = after([{"type": "start", "seed": "b"}, {"type": "finish"}], start=now)
    assert len(now["retired"]) == 16


def test_a_key_shown_in_practice_lets_its_item_rest():
    name = QUIZ["items"][0]["id"]
    now = after([{"type": "show", "item": name}, {"type": "show", "item": "gone"}])
    assert now["retired"] == {name: at(days=7)}


def test_reset_forgets_rounds_and_gate_and_keeps_what_was_seen_and_learned():
    now = failed()
    fresh = after([{"type": "reset"}], start=now)
    assert fresh == now | {"rounds": [], "gate": None}


def test_a_try_keeps_how_sure_the_reader_was():
    now = started()
    name = first_of(now, "output")
    sure, other = {"confidence": "sure"}, {"confidence": "certainly"}
    now = after([answer(name, False) | sure, answer(name, True) | other], start=now)
    assert [t.get("confidence") for t in entry(now, name)["tries"]] == ["sure", None]
    assert "confidence" not in entry(now, name)["tries"][1]


def test_load_drops_an_open_question_when_nothing_can_stand_for_it():
    now = started()
    items = [i for i in QUIZ["items"] if i["stratum"] != "multiple"]
    changed = after([{"type": "load"}], QUIZ | {"items": items}, now)
    assert len(entries(changed)) == 7
    none = after([{"type": "load"}], QUIZ | {"items": []}, now)
    assert none["rounds"] == []


def test_dropping_the_last_open_question_ends_the_attempt():
    now = started()
    name = first_of(now, "multiple")
    now = after([e for e in all_right(now) if e["item"] != name], start=now)
    items = [i for i in QUIZ["items"] if i["stratum"] != "multiple"]
    now = after([{"type": "load"}], QUIZ | {"items": items}, now)
    assert state.current(now) is None
    assert state.summary(QUIZ, attempts(now)[0])["passed"]


def test_a_question_that_replaces_another_is_never_kin_of_one_that_is_asked():
    """Four large families, three of them asked: the fourth has to give it."""
    items = [
        item | ({"family": f"f{n % 4}"} if item["stratum"] == "choice" else {})
        for n, item in enumerate(QUIZ["items"])
    ]
    for n in range(20):
        quiz = QUIZ | {"items": items}
        now = started(f"{n}", quiz)
        gone = first_of(now, "choice")
        quiz = QUIZ | {"items": [item for item in items if item["id"] != gone]}
        now = after([{"type": "load"}], quiz, now)
        family = {item["id"]: item["family"] for item in items}
        families = [family[e["id"]] for e in entries(now)]
        assert len(set(families)) == len(families) == 8


def test_settled_answers_to_questions_that_are_gone_keep_their_points():
    now = started()
    code = first_of(now, "code")
    now = after([answer(code, True)], start=now)
    items = [i for i in QUIZ["items"] if i["id"] != code]
    quiz = QUIZ | {"items": items}
    after_load = after([{"type": "load"}], quiz, now)
    assert entry(after_load, code) == entry(now, code)
    rest = [e for e in all_right(now) if e["item"] != code]
    done = after(rest, quiz, after_load)
    assert state.summary(quiz, attempts(done)[0])["passed"]
    given_up = after([{"type": "give_up", "item": code}], start=started())
    done = after(rest, quiz, given_up)
    assert not state.summary(quiz, attempts(done)[0])["passed"]


def test_a_load_with_nothing_new_changes_nothing():
    for now in (state.empty(), started(), failed()):
        assert after([{"type": "load"}], start=now) == now


def test_states_with_missing_parts_are_completed():
    now = after([{"type": "load"}], start={"rounds": [], "seen": {"q": 1}})
    assert now == state.empty() | {"seen": {"q": 1}}


def test_gate_rest_and_reviews_are_set_per_quiz_and_per_book(pools, edit):
    from selfcheck import config, load, payload

    def rules():
        file = load.load(pools / "toy" / "pool.yaml", config.read(pools))
        found = payload.rules(file.quiz)
        return found["gate"], found["retire"], found["review"]

    assert rules() == (10, 7, [1, 3, 7, 21])
    toml = pools / "selfcheck.toml"
    toml.write_text(f"{toml.read_text()}[quiz]\ngate = 5\nretire = 2\nreview = [2]\n")
    assert rules() == (5, 2, [2])
    edit("quiz:\n", "quiz:\n  gate: 0\n  review: []\n")
    assert rules() == (0, 2, [])


def test_an_unknown_event_is_refused_by_name():
    with pytest.raises(ValueError, match=r"expected an event .*got 'cheat'"):
        after([{"type": "cheat"}])


@given(st.integers(1, 9))
def test_points_of_a_closed_item_never_rise_with_more_tries(n):
    assert state.worth("output", n) >= state.worth("output", n + 1) > 0
    assert state.worth("code", n) == 1
