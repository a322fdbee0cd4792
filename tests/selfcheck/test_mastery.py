"""What a record says of a reader: objectives mastered, and doubt against outcome."""

from selfcheck import stamps, state
from selfcheck.streams import toy_quiz

NOW = "2026-03-01T00:00:00.000Z"
QUIZ = toy_quiz("q")
QUIZ["items"] = [
    item | {"objective": "add" if n < 4 else "sub" if n == 4 else "rest", "variants": 2}
    for n, item in enumerate(QUIZ["items"])
]
ADD = [item["id"] for item in QUIZ["items"] if item["objective"] == "add"]
(SUB,) = [item["id"] for item in QUIZ["items"] if item["objective"] == "sub"]


def review(n, item, right=True, variant=0, doubt=None, points=None):
    worth = (1 if right else 0) if points is None else points
    return {
        "at": stamps.later(NOW, days=n),
        **{"item": item, "variant": variant, "right": right},
        **{"points": worth, "confidence": doubt},
    }


def entry(item, verdict, n=0, variant=0, doubts=()):
    tries = [
        {"answer": {}, "at": stamps.later(NOW, days=n), "confidence": doubt}
        | {"right": verdict == "right" and doubt is doubts[-1]}
        for doubt in doubts
    ]
    return {
        **{"id": item, "rev": "r", "stratum": "choice", "variant": variant},
        **{"order": [], "tries": tries, "state": verdict},
        "points": int(verdict == "right"),
    }


def record(*reviews, entries=(), finished=NOW):
    attempt = {"seed": "a", "started": NOW, "finished": finished}
    attempt["items"] = list(entries)
    rounds = [{"attempts": [attempt]}] if entries else []
    return state.empty() | {"rounds": rounds, "reviews": list(reviews)}


def level(*reviews, aim="add", **more):
    return state.mastery(QUIZ, record(*reviews, **more))[aim]


def test_every_objective_of_the_pool_is_listed_and_new_at_first():
    found = state.mastery(QUIZ, state.empty())
    new = {"level": "new", "asked": 0, "right": 0}
    assert found == {"add": new, "sub": new, "rest": new}


def test_one_right_answer_is_a_beginning_and_two_on_different_items_hold():
    assert level(review(0, ADD[0]))["level"] == "begun"
    held = level(review(0, ADD[0]), review(1, ADD[1]))
    assert held == {"level": "mastered", "asked": 2, "right": 2}


def test_the_same_question_twice_does_not_show_that_an_objective_holds():
    assert level(review(0, ADD[0]), review(1, ADD[0]))["level"] == "begun"
    twice = level(review(0, ADD[0]), review(1, ADD[0], variant=1))
    assert twice["level"] == "mastered"


def test_a_later_wrong_answer_counts_and_it_takes_two_right_ones_to_make_it_good():
    answers = [review(0, ADD[0]), review(1, ADD[1]), review(2, ADD[2], right=False)]
    assert level(*answers) == {"level": "missed", "asked": 3, "right": 2}
    answers.append(review(3, ADD[0]))
    assert level(*answers)["level"] == "begun"
    answers.append(review(4, ADD[1]))
    assert level(*answers)["level"] == "mastered"
    answers.append(review(5, ADD[1]))
    assert level(*answers)["level"] == "mastered"


def test_answers_of_attempts_and_reviews_are_told_in_the_order_of_time():
    entries = [entry(ADD[0], "wrong", n=2, doubts=["sure"])]
    assert level(review(1, ADD[1]), entries=entries)["level"] == "missed"
    assert level(review(3, ADD[1]), entries=entries)["level"] == "begun"


def test_what_is_open_or_gone_says_nothing():
    entries = [entry(ADD[0], "open", doubts=["sure"]), entry("gone", "wrong")]
    assert level(entries=entries, finished=None)["level"] == "new"


def test_an_answer_given_up_is_placed_when_its_attempt_ended():
    late = stamps.later(NOW, days=5)
    given_up = [entry(ADD[0], "wrong")]
    found = level(review(1, ADD[1]), entries=given_up, finished=late)
    assert found["level"] == "missed"


def test_an_objective_with_a_single_question_holds_after_two_right_answers():
    items = [i | {"variants": 1} if i["id"] == SUB else i for i in QUIZ["items"]]
    once = state.mastery(QUIZ | {"items": items}, record(review(0, SUB)))
    assert once["sub"]["level"] == "begun"
    now = record(review(0, SUB), review(1, SUB))
    assert state.mastery(QUIZ | {"items": items}, now)["sub"]["level"] == "mastered"
    assert state.mastery(QUIZ, now)["sub"]["level"] == "begun"


def test_calibration_counts_first_tries_that_were_given_with_a_confidence():
    entries = [
        entry(ADD[0], "right", doubts=["sure"]),
        entry(ADD[1], "right", doubts=["sure", "guess"]),
        entry(ADD[2], "wrong", doubts=["guess"]),
        entry(ADD[3], "right", doubts=[None]),
        entry(SUB, "open"),
    ]
    reviews = [
        review(1, ADD[0], doubt="unsure"),
        review(2, ADD[0], doubt="unsure", points=0.5),
        review(3, ADD[0]),
    ]
    now = record(*reviews, entries=entries)
    assert state.calibration([now, state.empty(), record(*reviews)]) == {
        "guess": {"n": 1, "right": 0},
        "unsure": {"n": 4, "right": 2},
        "sure": {"n": 2, "right": 1},
    }
