"""What counts as the same answer."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfcheck import compare


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001),
        (" -2.50 ", -2.5),
        ("1/3", 1 / 3),
        ("1_000", 1000.0),
        ("`7`", 7.0),
        ("−3", -3.0),
        (".5", 0.5),
        ("INF", math.inf),
        ("-infinity", -math.inf),
    ],
)
def test_numbers_are_read_in_the_forms_people_write(text, value):
    assert compare.parse_number(text) == value


@pytest.mark.parametrize("text", ["", "1,5", "abc", "1/0", "--1", "1 2", "5%", "0x10"])
def test_what_is_no_number_is_not_guessed_at(text):
    assert compare.parse_number(text) is None


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_is_read_back_from_its_repr(value):
    assert compare.parse_number(repr(value)) == value
    assert compare.compare_number(repr(value), value, {"abs": 0})


@given(st.text())
def test_no_text_whatsoever_makes_a_comparison_fail(text):
    compare.parse_number(text)
    compare.compare_number(text, 1.0, {"rel": 1e-3})
    compare.compare_text(text, ["a b"])
    assert compare.compare_output(text, text)
    assert compare.compare_output(text, text, {"numbers": False})


def test_a_value_at_the_edge_of_the_tolerance_is_inside():
    assert compare.compare_number("0.31", 0.3, {"abs": 0.01})
    assert not compare.compare_number("0.3101", 0.3, {"abs": 0.01})


def test_the_wider_of_two_tolerances_counts():
    assert compare.compare_number("1005", 1000, {"abs": 1e-3, "rel": 0.01})
    assert not compare.compare_number("1005", 1000, {"abs": 1e-3})


def test_keys_that_json_cannot_hold_are_compared_by_name():
    assert compare.compare_number("NaN", "nan", {"abs": 0})
    assert compare.compare_number("-Inf", "-inf", {"rel": 1})
    assert not compare.compare_number("inf", "-inf", {"rel": 1})
    assert not compare.compare_number("0", "nan", {"abs": 9})


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        ("6", "6.0\n"),
        ("[1, 2, 3]", "[1. 2. 3.]"),
        ("mul addv2", "Mul AddV2"),
        ("[mul, addv2]", "['Mul', 'AddV2']"),
        ("none", "None"),
        ("12.00001 6", "12.0 6.0"),
        ("1\n\n  2", "1 2"),
        ("−0.5", "-0.5"),
        ("0", "-0.0"),
        ("nan", "nan"),
    ],
)
def test_outputs_that_show_the_same_prediction_are_equal(answer, key):
    assert compare.compare_output(answer, key)


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        ("[[1. 2.]]", "[1. 2.]"),
        ("6.01", "6.0"),
        ("6", "6 6"),
        ("0", "None"),
        ("-6", "6"),
        ("2 1", "1 2"),
        ("", "1"),
        ("inf", "nan"),
    ],
)
def test_outputs_that_show_another_prediction_differ(answer, key):
    assert not compare.compare_output(answer, key)


def test_without_numbers_every_character_counts_except_blanks():
    rule = {"numbers": False}
    assert compare.compare_output(" a  b\n", "a b", rule)
    assert not compare.compare_output("A b", "a b", rule)
    assert not compare.compare_output("6", "6.0", rule)


@pytest.mark.parametrize(
    "answer",
    [
        "stop_recording",
        " `tape.stop_recording()` ",
        "Tape.Stop_Recording",
        "'stop_recording'.",
    ],
)
def test_short_answers_may_be_dressed(answer):
    assert compare.compare_text(answer, ["stop_recording", "tape.stop_recording"])


@pytest.mark.parametrize("answer", ["", "  ", "``", "stop recording", "stop_recordin"])
def test_short_answers_must_be_one_of_the_forms(answer):
    assert not compare.compare_text(answer, ["stop_recording"])


def test_an_empty_answer_is_wrong_even_where_an_accepted_form_reduces_to_nothing():
    assert not compare.compare_text(" ", ["()"])


def test_blanks_beside_signs_do_not_count():
    assert compare.compare_text("persistent = True", ["persistent=True"])
    assert not compare.compare_text("not none", ["notnone"])


def test_multiple_choice_is_all_or_nothing():
    key = {"options": [0, 2]}
    assert compare.is_right("multiple", key, {"options": [2, 0]})
    assert not compare.is_right("multiple", key, {"options": [0]})
    assert not compare.is_right("multiple", key, {"options": [0, 1, 2]})


def test_an_order_is_right_in_one_sequence_only():
    key = {"lines": [2, 0, 1]}
    assert compare.is_right("order", key, {"lines": [2, 0, 1]})
    assert not compare.is_right("order", key, {"lines": [0, 2, 1]})
    assert not compare.is_right("order", key, {"lines": [2, 0]})


def test_code_is_not_judged_by_comparing():
    with pytest.raises(ValueError, match="grade code instead"):
        compare.is_right("code", {}, {"source": ""})


def test_the_first_trap_that_fits_is_named():
    traps = [{"answer": {"text": "3"}}, {"answer": {"text": "4"}}]
    assert compare.which_trap("output", traps, {"text": "4.0"}) == 1
    assert compare.which_trap("output", traps, {"text": "5"}) is None


def test_a_distractor_is_named_when_an_order_uses_it():
    traps = [{"answer": {"lines": [3]}}, {"answer": {"lines": [4]}}]
    assert compare.which_trap("order", traps, {"lines": [0, 4, 1]}) == 1
    assert compare.which_trap("order", traps, {"lines": [1, 0, 2]}) is None
