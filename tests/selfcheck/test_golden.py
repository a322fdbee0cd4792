"""The vectors that hold the page's core to the Python core."""

from pathlib import Path

from selfcheck import golden

VECTORS = Path(__file__).parent / "golden.json"


def test_committed_golden_vectors_are_what_the_core_answers_now():
    assert VECTORS.read_text(encoding="utf-8") == golden.dump(), (
        "expected golden.json to be fresh; run "
        "`python -m selfcheck.golden tests/selfcheck/golden.json`"
    )


def test_golden_vectors_hold_more_than_300_cases_with_both_verdicts():
    vectors = golden.build()
    assert sum(len(v) for v in vectors.values() if isinstance(v, list)) > 300
    for group in ("compare_number", "compare_output", "compare_text"):
        assert {case["expect"] for case in vectors[group]} == {True, False}
    verdicts = [s["passed"] for c in vectors["reduce"] for s in c["summaries"] if s]
    assert set(verdicts) == {True, False}
