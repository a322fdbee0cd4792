"""Each rule finds what it names, at its line, and nothing else."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from selfcheck import (
    coding,
    config,
    guessing,
    ids,
    keys,
    load,
    lock,
    pace,
    rules,
    upgrade,
)
from selfcheck.lint import lint
from selfcheck.model import Quiz
from selfcheck.problems import Problem
from selfcheck.submissions import Submission, missing
from selfcheck.wording import rule_id

Edit = Callable[[str, str], Path]
CHECKS = """\
from selfcheck.checks import check


@check("doubles three", section="toy-add")
def doubles_three(s):
    got = s.double(3)
    assert got == 6, f"expected 6, got {got}"


@check("doubles a text")
def doubles_a_text(s):
    got = s.double("ab")
    assert got == "abab", f"expected 'abab', got {got!r}"
"""


def of_rules(path: Path) -> dict[str, list[Problem]]:
    file = load.load(path, config.read(path.parents[1]))
    found: dict[str, list[Problem]] = {}
    for rule in rules.RULES:
        for problem in rule(file):
            assert problem.rule == rule_id(rule)
            found.setdefault(problem.rule, []).append(problem)
    return found


SMALL = {"pool-is-large-enough"}


def test_the_toy_pool_is_small_and_otherwise_sound(toy: load.PoolFile):
    assert set(of_rules(toy.path)) <= SMALL


FAULTS = [
    (
        "You joined the digits as texts; numbers are added by value instead.",
        "No.",
        "refutations-are-sentences",
        "toy-sum: `wrong.0.why`: expected a refutation of 40 characters, got 3",
    ),
    (
        "You took the larger one; a sum of positive numbers exceeds both.",
        "You joined the digits as texts; numbers are added by value instead.",
        "refutations-differ",
        "got that of `wrong.0.why`",
    ),
    ('text: "`1`"', 'text: "`2`"', "options-differ", "got that of `key.text`"),
    (
        'text: "`1`"',
        'text: "None of the above"',
        "options-stand-alone",
        "got 'None of the above'",
    ),
    ('text: "`1`"', 'text: "As option b"', "options-stand-alone", "got 'option b'"),
    (
        "    evidence: assert 1 + 1 == 2\n",
        "",
        "claims-have-evidence",
        "toy-sum: expected `evidence`, found none",
    ),
    (
        "evidence: assert 1 + 1 == 2",
        "evidence: print(1 + 1 == 2)",
        "claims-have-evidence",
        "expected an assert, found none",
    ),
    (
        "vary: {a: [3, 5]}",
        "vary: {a: [3, 5], b: [1]}",
        "variations-are-used",
        "`vary.b`: expected {b} in a text",
    ),
    (
        "prompt: What does the loop print?",
        'prompt: "# What does it print?"',
        "prompts-have-no-headings",
        "got the heading",
    ),
    ("at_least: 4", "at_least: 9", "pass-is-possible", "expected at most 5 points"),
    (
        "short: 1, code: 1}",
        "short: 1}",
        "pass-is-possible",
        "'code' must be right, but no such item is drawn",
    ),
    (
        "pass: {at_least: 4, must: [code]}",
        "pass: {at_least: 1, must: []}",
        "guessing-does-not-pass",
        "expected 1e-03 at most",
    ),
]


@pytest.mark.parametrize(("old", "new", "rule", "said"), FAULTS)
def test_a_fault_is_found_by_its_rule_and_by_no_other(edit: Edit, old, new, rule, said):
    found = of_rules(edit(old, new))
    assert set(found) - SMALL == {rule}
    (problem,) = found[rule]
    assert said in problem.message


def test_a_finding_names_the_line_of_its_text(edit: Edit):
    path = edit('text: "`1`"', 'text: "none of these"')
    (problem,) = of_rules(path)["options-stand-alone"]
    lines = path.read_text().splitlines()
    assert "none of these" in lines[problem.line - 1]


def test_code_in_a_prompt_may_hold_comments(edit: Edit):
    path = edit("      total = 1 + 1\n", "      # a comment\n      total = 1 + 1\n")
    assert "prompts-have-no-headings" not in of_rules(path)


def test_a_multiple_choice_of_three_is_too_easy(edit: Edit):
    text = """\
      - text: "`None`"
        misconception: none-is-zero
        why: "None is the lack of a value; adding it to a number raises an exception."
"""
    (problem,) = of_rules(edit(text, ""))["enough-options"]
    assert "got 3; write another" in problem.message


def test_small_pools_and_lone_objectives_are_found(edit: Edit):
    path = edit("draw: {choice: 1,", "draw: {choice: 2,")
    found = of_rules(path)
    sizes = [problem.message for problem in found["pool-is-large-enough"]]
    assert any("expected 6 items in stratum 'choice'" in said for said in sizes)
    path = edit(
        '  name: {anchor: toy-name, text: "Name a thing."}',
        '  name: {anchor: toy-name, text: "Name a thing."}\n'
        "  lone: {anchor: x, text: Nothing.}",
    )
    (problem,) = of_rules(path)["objectives-are-tested"]
    assert "objective `lone`: expected 2 items of 2 types" in problem.message


def test_a_key_that_is_always_the_longest_is_found(edit: Edit):
    path = edit('key: {text: "`2`"', "key: {text: The sum of both is two")
    text = path.read_text()
    start, end = text.index("  - id: toy-sum"), text.index("  - id: toy-types")
    for n in range(5):
        copy = text[start:end].replace("toy-sum", f"toy-sum-{n}")
        path.write_text(path.read_text() + copy)
    (problem,) = of_rules(path)["keys-are-not-the-longest"]
    assert "6 choice items of 6; expected 2 at most" in problem.message


def test_anchors_are_looked_up_in_the_pages_around_the_pools(toy: load.PoolFile):
    page = toy.folder.parents[1] / "page.md"
    page.write_text("(toy-add)=\n# Adding\n")
    (problem,) = of_rules(toy.path)["anchors-exist"]
    assert "a section with the label (toy-name)=, found none" in problem.message
    assert problem.line == 5
    page.write_text("(toy-add)=\n# Adding\n\n(toy-name)=\n## Naming\n")
    assert "anchors-exist" not in of_rules(toy.path)


def test_guessing_is_computed_exactly(toy: load.PoolFile):
    items = {item.id: item for item in toy.pool.items}
    assert guessing.chance(items["toy-sum"]) == Fraction(1, 3)
    assert guessing.chance(items["toy-types"]) == Fraction(1, 15)
    assert guessing.chance(items["toy-order"]) == Fraction(1, 24)
    quiz = Quiz.model_validate(
        {"draw": {"choice": 1, "output": 1}, "pass": {"at_least": 1.5, "must": []}}
    )
    # Right at once (1/3 and 1/50), or the output right at its second try for half:
    # one of the 49 answers that were not refuted, after a miss among 50.
    wanted = Fraction(1, 3) * (Fraction(1, 50) + Fraction(49, 50) * Fraction(1, 49))
    assert guessing.pass_by_guessing(quiz, toy.pool.items) == wanted


def test_bounds_are_told_of_all_quizzes_that_can_be_read(toy: load.PoolFile, book):
    (book.pools / "half-written").mkdir()
    (book.pools / "half-written" / "pool.yaml").write_text("pool: half-written\n")
    wanted = guessing.pass_by_guessing(toy.pool.quiz, toy.pool.items)
    assert guessing.bounds(book) == {"toy": wanted}


def test_no_order_is_guessed_twice(toy: load.PoolFile):
    order = next(item for item in toy.pool.items if item.id == "toy-order")
    found = guessing.points(order)
    assert found[Fraction(1)] == found[Fraction(1, 2)] == Fraction(1, 24)
    assert sum(found.values()) == 1


def test_what_must_be_right_bounds_guessing(toy: load.PoolFile):
    rule = {"draw": {"choice": 1, "multiple": 1}, "pass": {"at_least": 1}}
    rule["pass"]["must"] = ["multiple"]
    found = guessing.pass_by_guessing(Quiz.model_validate(rule), toy.pool.items)
    assert found == Fraction(1, 15)


def write_item(file: load.PoolFile) -> Path:
    """Give the coding item checks, right, and wrong programs."""
    folder = file.folder / "toy-double"
    (folder / "checks.py").write_text(CHECKS)
    (folder / "right" / "sum.py").write_text("def double(x):\n    return x + x\n")
    wrongs = {
        "square": "# fails: doubles three\ndef double(x):\n    return x * x\n",
        "number": "# fails: doubles a text\ndef double(x):\n    return x * 2 if x == 3 "
        "else 0\n",
        "nothing": "# fails: doubles three\ndef double(x):\n    pass\n",
    }
    for name, source in wrongs.items():
        (folder / "wrong" / f"{name}.py").write_text(source)
    return folder


def test_missing_files_of_a_coding_item_are_found(toy: load.PoolFile):
    item = toy.item("toy-double")
    said = [problem.message for problem in missing(toy, item)]
    assert any("checks.py, found none" in text for text in said)
    assert any("expected 2 programs at least" in text for text in said)
    assert any("expected 3 programs at least" in text for text in said)
    folder = write_item(toy)
    assert list(missing(toy, item)) == []
    (folder / "wrong" / "silent.py").write_text("def double(x): return 7\n")
    (problem,) = missing(toy, item)
    assert problem.path.name == "silent.py" and "# fails: <check>" in problem.message


def test_programs_are_graded_as_their_folders_say(toy: load.PoolFile, book):
    write_item(toy)
    assert coding.verdicts(toy, book) == []


@pytest.mark.parametrize(
    ("name", "source", "said"),
    [
        (
            "right/sum",
            "def double(x): return 7\n",
            "expected to be accepted, got 'wrong'",
        ),
        (
            "wrong/square",
            "# fails: doubles three\ndef double(x): return 2 * x\n",
            "expected to fail, was accepted",
        ),
        (
            "wrong/square",
            "# fails: doubles a text\ndef double(x): return 7\n",
            "expected to fail at 'doubles a text', failed at 'doubles three'",
        ),
        (
            "wrong/square",
            "# fails: triples\ndef double(x): return 7\n",
            "expected to fail at a check (doubles three, doubles a text), 'triples' is",
        ),
        ("starter", "def double(x): return 2 * x\n", "expected to fail, was accepted"),
    ],
)
def test_a_program_that_is_graded_otherwise_is_found(toy, book, name, source, said):
    folder = write_item(toy)
    (folder / f"{name}.py").write_text(source)
    (problem,) = coding.verdicts(toy, book)
    assert said in problem.message and problem.path == folder / f"{name}.py"


def test_checks_that_accept_an_empty_file_are_found(toy, book):
    folder = write_item(toy)
    (folder / "checks.py").write_text(
        "from selfcheck.checks import check\n\n@check('nothing')\ndef nothing(s):\n"
        "    pass\n"
    )
    said = [problem for problem in coding.verdicts(toy, book)]
    assert any("(empty file)" in str(problem.path) for problem in said)


def test_verdicts_are_kept_until_program_or_checks_change(toy, book):
    folder = write_item(toy)
    coding.verdicts(toy, book)
    graded = []

    def grade(place, source, seed):
        graded.append(source)
        from selfcheck.grade import grade

        return grade(place, source, seed=seed, config=book)

    assert coding.verdicts(toy, book, grade) == [] and graded == []
    path = folder / "right" / "sum.py"
    path.write_text("def double(x):\n    return x * 2\n")
    coding.verdicts(toy, book, grade)
    assert graded == [path.read_text()] * len(coding.SEEDS)
    (folder / "checks.py").write_text(CHECKS + "\n")
    coding.verdicts(toy, book, grade)
    assert len(graded) > 10


@pytest.fixture
def locked(toy: load.PoolFile, book: config.Config, here) -> load.PoolFile:
    """Return the toy pool with its answers and ids accepted."""
    found = keys.resolve(toy, book, here)
    lock.path_of(toy).write_text(lock.render(toy, found, book))
    ids.path_of(toy).write_text(ids.render(toy))
    return toy


@pytest.fixture
def changes(book: config.Config, here, monkeypatch: pytest.MonkeyPatch):
    """Return a function that tells what the lock of a pool says of its answers."""

    def told(path: Path, installed: dict[str, str] | None = None) -> list[Problem]:
        monkeypatch.setattr(upgrade, "versions", lambda _: installed or {})
        file = load.load(path, book)
        return list(upgrade.changes(file, keys.resolve(file, book, here), book))

    return told


def test_a_pool_without_a_lock_is_one_finding(toy, changes):
    (problem,) = changes(toy.path)
    assert "the 10 answers that the programs" in problem.message


def test_answers_that_are_those_of_the_lock_are_no_finding(locked, changes):
    assert changes(locked.path) == []


def test_an_edited_program_is_told_apart_from_an_upgrade(edit: Edit, locked, changes):
    path = edit('answer: "{a} * seven"', 'answer: "{a} * seven + 1"')
    (problem,) = changes(path)
    assert "toy-product: expected the answers that were reviewed, 2" in problem.message
    assert "variant 0 (a=3) key: has changed" in problem.message
    assert "its program was edited; now '22'" in problem.message
    assert "Read the new answers; when the edit was meant so" in problem.message
    line = lock.path_of(locked).read_text().splitlines()[problem.line - 1]
    assert line.startswith("toy-product 0 key ")


def after_upgrade(file: load.PoolFile) -> None:
    """Let the lock be one of another version, under which an answer was another."""
    path = lock.path_of(file)
    text = path.read_text().replace("no library", "numpy 1.26.4, tensorflow 2.20.0")
    row = next(r for r in text.splitlines() if r.startswith("toy-loop 1 key "))
    parts = row.split()
    parts[3] = lock.digest("total 9")
    path.write_text(text.replace(row, " ".join(parts)))


def test_an_upgrade_is_explained_per_item(locked, changes):
    after_upgrade(locked)
    installed = {"numpy": "1.26.4", "tensorflow": "2.21.0"}
    (problem,) = changes(locked.path, installed)
    assert problem.rule == "lock" and "toy-loop: expected" in problem.message
    was, now = lock.digest("total 9"), lock.digest("total 3")
    assert f"variant 1 (n=3) key: has changed, was {was}, is {now}; now 'total 3'" in (
        problem.message
    )
    assert "Reviewed with numpy 1.26.4, tensorflow 2.20.0" in problem.message
    assert "now tensorflow 2.20.0 → 2.21.0." in problem.message
    assert "mend what is not true any more" in problem.message


def test_the_same_program_and_versions_with_another_answer_blame_chance(
    locked, changes
):
    after_upgrade(locked)
    installed = {"numpy": "1.26.4", "tensorflow": "2.20.0"}
    (problem,) = changes(locked.path, installed)
    assert "the answer hangs on the machine or on chance" in problem.message


def test_a_lock_without_hashes_of_programs_is_read(locked, changes):
    path = lock.path_of(locked)
    rows = path.read_text().splitlines()
    old = [row if row.startswith("#") else row.rsplit(" ", 1)[0] for row in rows]
    path.write_text("\n".join(old) + "\n")
    assert changes(locked.path) == []
    after_upgrade(locked)
    (problem,) = changes(locked.path, {"numpy": "1.26.4", "tensorflow": "2.21.0"})
    assert "Read prompt, options, and refutations" in problem.message


def test_new_and_vanished_answers_are_told(edit: Edit, locked, changes):
    path = edit("- id: toy-product", "- id: toy-times")
    gone, new = sorted(changes(path), key=lambda problem: problem.message)
    assert gone.message.count("is no answer any more, was") == 4
    assert "toy-times" in new.message and new.message.count("is new; now") == 4


def test_a_report_notes_what_an_upgrade_did(locked, book, here, monkeypatch):
    after_upgrade(locked)
    monkeypatch.setattr(upgrade, "versions", lambda _: {"tensorflow": "2.21.0"})
    notes = lint(locked, book, runner=here).notes
    (note,) = [note for note in notes if note.startswith("reviewed with")]
    assert "numpy 1.26.4 → none, tensorflow 2.20.0 → 2.21.0: 1 of 10 answers" in note


def test_rows_of_items_that_fail_stay_in_the_lock(edit: Edit, locked, book, here):
    before = lock.read(lock.path_of(locked)).rows
    path = edit("setup: seven = 7", "setup: seven = eight")
    lint(load.load(path, book), book, update_lock=True, runner=here)
    after = lock.read(lock.path_of(locked)).rows
    assert {place for place in before if place[0] == "toy-product"} <= set(after)


def test_an_id_that_vanishes_is_told_until_it_is_called_retired(edit: Edit, locked):
    rows = ids.path_of(locked)
    path = edit("- id: toy-word", "- id: toy-keyword")
    file = load.load(path)
    new, gone = ids.changes(file)
    assert "a row `toy-keyword text` in ids.lock" in new.message
    assert gone.path == rows and "toy-word: expected this item" in gone.message
    assert rows.read_text().splitlines()[gone.line - 1] == "toy-word text"
    rows.write_text(ids.render(file).replace("toy-word text", "toy-word text retired"))
    assert list(ids.changes(file)) == []
    assert ids.render(file) == rows.read_text()


def test_a_retired_id_is_not_used_again(locked):
    rows = ids.path_of(locked)
    rows.write_text(rows.read_text().replace("toy-word text", "toy-word text retired"))
    (problem,) = ids.changes(locked)
    assert "expected an id that was never used" in problem.message
    assert "toy-word" in locked.path.read_text().splitlines()[problem.line - 1]


def test_a_slow_program_is_measured_again_before_it_is_told(toy, book):
    folder = write_item(toy)
    path = folder / "right" / "reference.py"
    one = Submission("toy-double", path, path.read_text(), None)

    def told(first: float, *later: float) -> tuple[list[Problem], float]:
        times = iter(later)
        record = {"verdict": "right", "seconds": first}
        measure = lambda submission, seed: next(times)
        return list(pace.too_slow(toy, [(one, 0, record)], measure)), record["seconds"]

    assert told(4.9) == ([], 4.9)
    assert told(9.0, 4.0) == ([], 4.0)
    (problem,), kept = told(9.0, 8.0, 8.5)
    assert kept == 8.0 and problem.path == path
    assert "graded in 5 s, a quarter of the item's timeout, got 8.0 s" in str(problem)


def test_the_lock_overlooks_the_last_digits_of_floats():
    assert lock.digest("[0.333333 1e-7]") == lock.digest("[0.33333334, 1.00000e-07]")
    assert lock.digest("0.3333") != lock.digest("0.3343")
    assert lock.digest("None 1") != lock.digest("none 1.1")


def test_a_trap_nearer_than_three_tolerances_is_found(edit: Edit, toy, book, here):
    path = edit('expr: "{a} + seven"', 'expr: "{a} * seven + 0.02"')
    file = load.load(path, book)
    found = [p for p in lint(file, book, runner=here).problems if "apart" in p.rule]
    assert len(found) == 2
    assert "expected 3 tolerances between key and trap, got 21 and 21.02" in str(
        found[0]
    )


def test_a_report_has_all_findings_and_the_bound(toy, book, here):
    report = lint(toy, book, runner=here)
    assert not report.ok
    assert {"lock", "ids", "code-files", *SMALL} == {p.rule for p in report.problems}
    assert any(
        "guessing passes one attempt with probability" in n for n in report.notes
    )
    assert report.problems == sorted(report.problems)


def test_update_lock_writes_what_lint_then_accepts(toy, book, here):
    report = lint(toy, book, update_lock=True, runner=here)
    assert sum("written" in note for note in report.notes) == 2
    for found in (report, lint(toy, book, runner=here)):
        assert not {"lock", "ids"} & {p.rule for p in found.problems}


def test_failing_keys_are_part_of_the_report(edit: Edit, book, here):
    path = edit("evidence: assert 1 + 1 == 2", "evidence: assert 1 + 1 == 3")
    report = lint(load.load(path, book), book, runner=here)
    (problem,) = [p for p in report.problems if p.rule == "evidence"]
    assert "toy-sum" in problem.message
