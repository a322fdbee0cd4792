"""The review deck: when a question comes back, as which, and when it may rest."""

import pytest

from selfcheck import stamps, state
from selfcheck.streams import toy_quiz

QUIZ = toy_quiz("q")
ITEMS = {item["id"]: item for item in QUIZ["items"]}
NOW = "2026-03-01T00:00:00.000Z"
KIN = "q-choice-2"  # the family of q-choice-2 and q-choice-3
ALONE = "q-output-1"  # two variants, no sibling


def day(n, minutes=0):
    return stamps.later(NOW, days=n, minutes=minutes)


def do(now, kind, at=NOW, quiz=QUIZ, **more):
    return state.reduce(quiz, now, {"type": kind, "now": at, **more})


def card(family=ALONE, **more):
    """Return a state with one card, by default due on day 0."""
    found = {"item": family, "variant": 0, "box": 0, "due": NOW, "alarm": False}
    return state.empty() | {"deck": {family: found | {"entry": None} | more}}


def reviewed(family=ALONE, at=NOW, tries=(True,), doubt=None, **more):
    now = do(card(family, **more), "ask", at, family=family)
    for right in tries:
        said = {"right": right, "answer": {"text": "x"}, "confidence": doubt}
        now = do(now, "review", at, family=family, **said)
    return now


def answered(right, doubt=None, seed="a", kind="output"):
    """Return a state after one answer in an attempt, and the entry."""
    now = do(None, "start", seed=seed)
    items = now["rounds"][0]["attempts"][0]["items"]
    name = next(e["id"] for e in items if ITEMS[e["id"]]["type"] == kind)
    for _ in range(1 if right else ITEMS[name]["tries"]):
        said = {"right": right, "answer": {}, "confidence": doubt}
        now = do(now, "answer", item=name, **said)
    return now, next(e for e in state.current(now)["items"] if e["id"] == name)


@pytest.mark.parametrize("right", [True, False])
def test_every_answer_of_an_attempt_makes_a_card_that_is_due_tomorrow(right):
    now, entry = answered(right)
    family = ITEMS[entry["id"]]["family"]
    assert now["deck"] == {
        family: {
            "item": entry["id"],
            "variant": entry["variant"],
            "box": 0,
            "due": day(1),
            "alarm": False,
            "entry": None,
        }
    }
    assert state.due(QUIZ, now, day(1, -1)) == []
    assert state.due(QUIZ, now, day(1)) == [family]


def test_being_wrong_and_sure_raises_an_alarm_and_comes_first():
    now, entry = answered(False, "sure")
    family = ITEMS[entry["id"]]["family"]
    assert now["deck"][family]["alarm"]
    other = {**now["deck"][family], "alarm": False, "due": day(-9)}
    earlier = {**other, "due": day(-8)}
    now["deck"] |= {"q-code-0": other, "q-code-1": earlier, "q-gone": other}
    assert state.due(QUIZ, now, day(2)) == [family, "q-code-0", "q-code-1"]
    assert not answered(False, "unsure")[0]["deck"][family]["alarm"]
    assert not answered(True, "sure")[0]["deck"][family]["alarm"]


def test_giving_up_raises_no_alarm():
    now = do(None, "start", seed="a")
    now = do(now, "finish")
    assert not any(c["alarm"] for c in now["deck"].values())


def test_a_wrong_answer_in_an_attempt_puts_a_card_back_and_a_right_one_leaves_it():
    for right, box, due in ((True, 2, day(6)), (False, 0, day(1))):
        now = do(None, "start", seed="a")
        entry = now["rounds"][0]["attempts"][0]["items"][0]
        family = ITEMS[entry["id"]]["family"]
        last = {"item": "before", "variant": 9, "alarm": True, "entry": None}
        now["deck"][family] = {"box": 2, "due": day(6), **last}
        for _ in range(5):
            now = do(now, "answer", item=entry["id"], answer={}, right=right)
        found = now["deck"][family]
        assert (found["box"], found["due"], found["alarm"]) == (box, due, False)
        assert (found["item"], found["variant"]) == (entry["id"], entry["variant"])


def test_reviews_come_after_one_three_seven_and_twenty_one_days_and_then_no_more():
    now, at = card(), 0
    for wait in (3, 7, 21):
        now = do(now, "ask", day(at), family=ALONE)
        said = {"right": True, "answer": {}}
        now = do(now, "review", day(at), family=ALONE, **said)
        assert now["deck"][ALONE]["due"] == day(at + wait)
        at += wait
    now = do(now, "ask", day(at), family=ALONE)
    now = do(now, "review", day(at), family=ALONE, right=True, answer={})
    assert (now["deck"][ALONE]["box"], now["deck"][ALONE]["due"]) == (4, None)
    assert state.due(QUIZ, now, day(9999)) == []
    assert len(now["reviews"]) == 4


def test_a_second_try_keeps_the_box_and_a_wrong_review_goes_back_to_the_first():
    half = reviewed(box=2, tries=(False, True))["deck"][ALONE]
    assert (half["box"], half["due"]) == (2, day(7))
    wrong = reviewed(box=2, tries=(False, False), doubt="sure")["deck"][ALONE]
    assert (wrong["box"], wrong["due"], wrong["alarm"]) == (0, day(1), True)


def test_a_review_is_recorded_once_it_is_settled_and_its_item_rests():
    now = reviewed(tries=(False,), doubt="sure")
    assert now["reviews"] == [] and now["retired"] == {}
    now = do(now, "review", day(1), family=ALONE, right=True, answer={})
    assert now["reviews"] == [
        {
            "at": day(1),
            "item": ALONE,
            "variant": 1,
            "right": True,
            "points": 0.5,
            "confidence": "sure",
        }
    ]
    assert now["retired"] == {ALONE: day(8)}
    again = do(now, "review", day(1), family=ALONE, right=True, answer={})
    assert again == now


def test_a_sibling_is_asked_where_there_is_one_and_else_the_next_variant():
    entry = do(card(KIN), "ask", family=KIN)["deck"][KIN]["entry"]
    assert entry["id"] == "q-choice-3"
    assert sorted(entry["order"]) == list(range(4))
    entry = do(card(), "ask", family=ALONE)["deck"][ALONE]["entry"]
    assert (entry["id"], entry["variant"]) == (ALONE, 1)
    entry = do(card(variant=1), "ask", family=ALONE)["deck"][ALONE]["entry"]
    assert (entry["id"], entry["variant"]) == (ALONE, 0)


def test_of_several_siblings_the_least_seen_comes_and_a_resting_one_last():
    kin = [i | {"family": "f"} for i in QUIZ["items"] if i["type"] == "choice"]
    quiz = QUIZ | {"items": kin}
    now = state.empty() | {"deck": {"f": card(kin[0]["id"])["deck"][kin[0]["id"]]}}
    names = [item["id"] for item in kin]
    now["seen"] = dict.fromkeys(names, 2) | {names[3]: 1, names[4]: 0}
    asked = do(now, "ask", quiz=quiz, family="f")
    assert asked["deck"]["f"]["entry"]["id"] == names[4]
    assert asked["seen"][names[4]] == 1
    now["retired"] = {names[4]: day(1)}
    asked = do(now, "ask", quiz=quiz, family="f")
    assert asked["deck"]["f"]["entry"]["id"] == names[3]


def test_asking_before_the_day_or_twice_changes_nothing():
    waiting = card(due=day(1))
    assert do(waiting, "ask", family=ALONE) == waiting
    asked = do(card(), "ask", family=ALONE)
    assert do(asked, "ask", day(3), family=ALONE) == asked
    assert do(asked, "ask", family="nobody") == asked


def test_giving_a_review_up_counts_as_wrong():
    now = do(card(box=3), "ask", family=ALONE)
    now = do(now, "review_give_up", family=ALONE)
    assert (now["deck"][ALONE]["box"], now["reviews"][0]["right"]) == (0, False)
    assert do(now, "review_give_up", family=ALONE) == now


def test_a_verdict_stays_on_its_card_until_the_next_question():
    now = reviewed()
    entry = now["deck"][ALONE]["entry"]
    assert (entry["state"], entry["points"]) == ("right", 1)
    now = do(now, "ask", now["deck"][ALONE]["due"], family=ALONE)
    assert now["deck"][ALONE]["entry"]["state"] == "open"


def test_a_review_in_another_quiz_moves_the_card_here_and_is_not_counted_twice():
    done = {"family": ALONE, "item": ALONE, "variant": 1, "right": True}
    done |= {"points": 1, "confidence": "sure"}
    due_here = do(card(box=1), "reviewed", **done)
    assert due_here["deck"][ALONE]["box"] == 2
    assert due_here["deck"][ALONE]["due"] == day(7)
    early = do(card(box=1, due=day(2)), "reviewed", **done)
    assert (early["deck"][ALONE]["box"], early["deck"][ALONE]["due"]) == (1, day(2))
    wrong = done | {"right": False, "points": 0}
    fallen = do(card(box=1, due=day(2)), "reviewed", **wrong)
    assert (fallen["deck"][ALONE]["box"], fallen["deck"][ALONE]["alarm"]) == (0, True)
    for after in (due_here, early, fallen):
        assert after["reviews"] == []
        assert after["retired"] == {ALONE: day(7)}
    assert do(state.empty(), "reviewed", **done) == state.empty()


def test_a_quiz_without_reviews_makes_no_cards():
    quiz = QUIZ | {"review": []}
    now = do(do(None, "start", quiz=quiz, seed="a"), "finish", quiz=quiz)
    assert now["deck"] == {}


def test_due_days_beyond_a_full_wait_are_taken_back_when_a_page_opens():
    now = card(box=1, due=day(400))
    now["retired"] = {"q-code-0": day(400), "q-code-1": day(2)}
    now = do(now, "load")
    assert now["deck"][ALONE]["due"] == day(3)
    assert now["retired"] == {"q-code-0": day(7), "q-code-1": day(2)}


def test_a_question_that_changed_is_drawn_anew_and_a_gone_family_is_kept_aside():
    now = do(card(), "ask", family=ALONE)
    revised = [i | ({"rev": "new"} if i["id"] == ALONE else {}) for i in ITEMS.values()]
    after = do(now, "load", quiz=QUIZ | {"items": revised})
    assert after["deck"][ALONE]["entry"] is None
    without = QUIZ | {"items": [i for i in ITEMS.values() if i["id"] != ALONE]}
    after = do(now, "load", quiz=without)
    assert after["deck"][ALONE] == now["deck"][ALONE] | {"entry": None}
    assert state.due(without, after, day(9)) == []
    assert do(after, "ask", day(9), quiz=without, family=ALONE) == after


def test_a_card_follows_its_item_into_another_family_and_the_lower_of_two_stays():
    moved = [
        item | ({"family": "new"} if item["id"] in (ALONE, "q-output-0") else {})
        for item in ITEMS.values()
    ]
    quiz = QUIZ | {"items": moved}
    now = card(box=2, due=day(5))
    after = do(now, "load", quiz=quiz)
    assert after["deck"] == {"new": now["deck"][ALONE]}
    now["deck"]["q-output-0"] = {
        **now["deck"][ALONE],
        **{"item": "q-output-0", "box": 1, "due": day(2), "alarm": True},
    }
    after = do(now, "load", quiz=quiz)
    assert after["deck"] == {"new": now["deck"]["q-output-0"]}
    now["deck"][ALONE]["box"] = 0
    after = do(now, "load", quiz=quiz)
    assert after["deck"]["new"]["item"] == ALONE and after["deck"]["new"]["alarm"]


def test_a_shortened_list_of_waits_breaks_no_card():
    quiz = QUIZ | {"review": [2]}
    now = do(card(box=3, due=day(400)), "load", quiz=quiz)
    assert now["deck"][ALONE]["due"] == day(2)
    now = do(now, "ask", day(2), quiz=quiz, family=ALONE)
    now = do(now, "review", day(2), quiz=quiz, family=ALONE, right=True, answer={})
    assert (now["deck"][ALONE]["box"], now["deck"][ALONE]["due"]) == (1, None)
