"""The vectors that hold the page's core to the Python core."""

from pathlib import Path

from selfcheck import golden, state

VECTORS = Path(__file__).parent / "golden.json"


def test_committed_golden_vectors_are_what_the_core_answers_now():
    assert VECTORS.read_text(encoding="utf-8") == golden.dump(), (
        "expected golden.json to be fresh; run "
        "`python -m selfcheck.golden tests/selfcheck/golden.json`"
    )


def test_golden_vectors_hold_a_thousand_cases_with_both_verdicts():
    vectors = golden.build()
    assert sum(len(v) for v in vectors.values() if isinstance(v, list)) >= 1000
    for group in ("compare_number", "compare_output", "compare_text"):
        assert {case["expect"] for case in vectors[group]} == {True, False}
    looks = [step["look"] for case in vectors["reduce"] for step in case["steps"]]
    passed = {look["summary"]["passed"] for look in looks if look["summary"]}
    assert passed == {True, False}


def test_golden_streams_change_the_state_by_every_event_and_reach_every_level():
    found, levels = set(), set()
    for stream in golden.streams():
        now = stream["state"]
        for step in stream["steps"]:
            quiz, event = stream["quizzes"][step["quiz"]], step["event"]
            after = state.reduce(quiz, now, event)
            if after != now:
                found.add(event["type"])
            now = after
            for row in step["look"].get("mastery", {}).values():
                levels.add(row["level"])
    assert found == set(state.EVENTS)
    assert levels == {"new", "missed", "begun", "mastered"}


def test_golden_streams_set_the_clock_back_and_upgrade_the_pool():
    for stream in golden.streams():
        times = [step["event"]["now"] for step in stream["steps"]]
        assert times != sorted(times)
        assert {step["quiz"] for step in stream["steps"]} == {0, 1}
