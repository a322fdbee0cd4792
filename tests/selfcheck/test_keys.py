"""Every key and every wrong answer is executed, twice, and remembered."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from selfcheck import config, keys, load
from selfcheck.answers import Answers
from selfcheck.problems import PoolError
from selfcheck.programs import programs

Edit = Callable[[str, str], Path]


def resolve(path: Path, runner=None, progress=None) -> keys.Keys:
    book = config.read(path.parents[1])
    return keys.resolve(load.load(path, book), book, runner, progress)


def finding(path: Path, runner=None) -> str:
    with pytest.raises(PoolError) as caught:
        resolve(path, runner)
    (found,) = caught.value.problems
    return str(found)


def test_keys_and_traps_of_every_variant_come_from_running_the_programs(toy, book):
    found = keys.resolve(toy, book)
    assert set(found) == {item.id for item in toy.pool.items}
    assert found["toy-loop"] == (
        Answers({"text": "total 1\n"}, ({"text": "total 3\n"}, {"text": "total 99"})),
        Answers({"text": "total 3\n"}, ({"text": "total 6\n"}, {"text": "total 99"})),
    )
    rule = {"tolerance": {"abs": 0.01}}
    assert found["toy-product"] == (
        Answers({"value": 21} | rule, ({"value": 10} | rule,)),
        Answers({"value": 35} | rule, ({"value": 12} | rule,)),
    )
    assert found["toy-word"][0].traps == ({"accept": ["function", "func"]},)
    assert found["toy-double"][0].key["source"].startswith("def double")


def test_an_order_s_key_names_its_lines_and_its_traps_the_rest(toy, book, here):
    from selfcheck.variants import options

    (found,) = keys.resolve(toy, book, here)["toy-order"]
    listed = options(toy.item("toy-order"), "toy")
    lines = [listed[j] for j in found.key["lines"]]
    assert lines == ["start at zero", "take the next number", "add it to the total"]
    (trap,) = found.traps
    assert listed[trap["lines"][0]].text == "forget the total"


def test_failing_evidence_is_found_at_its_line(edit: Edit):
    path = edit("evidence: assert 1 + 1 == 2", "evidence: assert 1 + 1 == 3")
    said = finding(path)
    assert "[evidence] toy-sum: `evidence`" in said and "AssertionError" in said


def test_an_output_program_that_raises_is_found(edit: Edit):
    path = edit('print("total", total)', "print(totl)")
    with pytest.raises(PoolError) as caught:
        resolve(path)
    assert any("NameError" in p.message for p in caught.value.problems)


def test_an_answer_that_differs_between_two_runs_is_found(edit: Edit):
    path = edit(
        'answer: "{a} * seven"', "answer: \"{a} * seven + __import__('time').time()\""
    )
    with pytest.raises(PoolError) as caught:
        resolve(path)
    assert "expected the same answer twice" in str(caught.value)


def test_a_trap_equal_to_the_key_in_one_variant_is_found(edit: Edit, here):
    path = edit("vary: {n: [2, 3]}", "vary: {n: [0, 2, 3]}")
    said = finding(path, here)
    assert "variant 0 {'n': 0} it is the same as the key ('total 0')" in said
    assert "`except`" in said


def test_a_trap_within_the_tolerance_of_the_key_is_found(edit: Edit, here):
    path = edit('expr: "{a} + seven"', 'expr: "{a} * seven + 0.005"')
    with pytest.raises(PoolError) as caught:
        resolve(path, here)
    assert len(caught.value.problems) == 2  # one for each variant


def test_two_equal_traps_are_found(edit: Edit, here):
    path = edit('answer: "total 99"', 'answer: "total 3"')
    assert "the same as `wrong.0` ('total 3')" in finding_first(path, here)


def finding_first(path: Path, runner) -> str:
    with pytest.raises(PoolError) as caught:
        resolve(path, runner)
    return str(caught.value.problems[0])


def test_a_wrong_form_that_is_accepted_is_found(edit: Edit, here):
    path = edit("- accept: [function, func]", "- accept: [function, DEF]")
    assert "the same as the key (['function', 'DEF'])" in finding(path, here)


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("for i in range(13): print({n}, i)", "at most 12 lines of output, got 13"),
        ("pass", "prints something"),
        ("print({n}, '0x7f9a6059a7a0')", "without addresses and paths"),
        ("print({n}, '/tmp/selfcheck-ab')", "without addresses and paths"),
    ],
)
def test_outputs_nobody_can_predict_are_found(edit: Edit, program, said):
    edit('print("total", total)', program)
    path = edit('patch: ["range({n})", "range({n} + 1)"]', "answer: '1'")
    with pytest.raises(PoolError) as caught:
        resolve(path)
    assert all(said in str(problem) for problem in caught.value.problems)


def test_a_program_that_never_ends_is_found(
    edit: Edit, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("selfcheck.runs.SECONDS", 0.5)
    monkeypatch.setattr("selfcheck.runs.os.getloadavg", lambda: (0, 0, 0))
    path = edit("evidence: assert 1 + 1 == 2", 'evidence: "while True: pass"')
    assert "toy-sum: `evidence`: expected a program that runs in" in finding(path)


def test_a_patch_that_fits_twice_or_never_is_found_before_anything_runs(edit: Edit):
    path = edit('patch: ["range({n})", "range({n} + 1)"]', 'patch: ["total", "x"]')
    said = finding(path)
    assert "'total' exactly once" in said and "found it 4 times" in said


def test_an_answer_that_is_no_number_is_found(edit: Edit):
    path = edit('answer: "{a} * seven"', "answer: \"'{a}'\"")
    with pytest.raises(PoolError) as caught:
        resolve(path)
    assert "expected a number, got str" in str(caught.value)


def test_a_missing_reference_solution_is_found(toy: load.PoolFile, here):
    (toy.folder / "toy-double" / "right" / "reference.py").unlink()
    assert "toy-double: `reference`: expected a solution" in finding(toy.path, here)


def test_a_second_call_runs_nothing(toy, book):
    first = keys.resolve(toy, book)

    def refuse(program):
        raise AssertionError(f"{program.role} was run again")

    assert keys.resolve(toy, book, refuse) == first


def counted(here):
    ran = []

    def run(program):
        ran.append(program)
        return here(program)

    return run, ran


def test_only_what_changed_is_run_again_and_each_program_twice(edit: Edit, toy, here):
    resolve(toy.path, here)
    run, ran = counted(here)
    path = edit('answer: "{a} * seven"', 'answer: "seven * {a}"')
    resolve(path, run)
    assert len(ran) == 2 * 4  # key and trap of two variants
    assert {program.variant for program in ran} == {0, 1}
    run, ran = counted(here)
    edit("prompt: Which keyword", "prompt: What keyword")
    resolve(path, run)
    assert ran == []


def test_equal_programs_of_several_variants_run_once(edit: Edit, here):
    path = edit("vary: {a: [3, 5]}", "vary: {a: [3, 5]}\n    evidence: assert True")
    run, ran = counted(here)
    resolve(path, run)
    assert sum(p.source == "assert True" for p in ran) == 2


def test_other_versions_of_the_libraries_run_everything_again(
    toy, here, monkeypatch: pytest.MonkeyPatch
):
    resolve(toy.path, here)
    monkeypatch.setattr("selfcheck.keycache.versions", lambda book: {"numpy": "9"})
    run, ran = counted(here)
    resolve(toy.path, run)
    assert len(ran) == 2 * sum(len(programs(item)) for item in toy.pool.items)


def test_sound_items_are_kept_when_another_one_fails(edit: Edit, here):
    path = edit("evidence: assert 1 + 1 == 2", "evidence: assert 1 + 1 == 3")
    book = config.read(path.parents[1])
    found, problems = keys.attempt(load.load(path, book), book, here)
    assert "toy-sum" not in found and "toy-loop" in found and len(problems) == 1
    edit("evidence: assert 1 + 1 == 3", "evidence: assert 1 + 1 == 2")
    run, ran = counted(here)
    resolve(path, run)
    assert {program.role for program in ran} == {"evidence"} and len(ran) == 2


def test_a_corrupt_cache_is_made_anew(toy, book, here):
    first = keys.resolve(toy, book, here)
    cache = book.build / "keys" / "toy.json"
    cache.write_text("{")
    assert keys.resolve(toy, book, here) == first
    assert json.loads(cache.read_text())["schema"] == 1


def test_infinite_and_undefined_keys_stand_as_text(edit: Edit, here):
    path = edit('answer: "{a} * seven"', "answer: \"float('nan')\"")
    found = resolve(path, here)["toy-product"]
    assert [answer.key["value"] for answer in found] == ["nan", "nan"]


def test_progress_is_told_of_every_program(toy, book, here):
    told = []
    keys.resolve(toy, book, here, lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] == len(told)
