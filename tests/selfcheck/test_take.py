"""A quiz taken on a terminal, by readers of every temper."""

import sys
from pathlib import Path

import pytest
from tests.selfcheck.reader import Script, watch

from selfcheck import (
    asking,
    exam,
    keys,
    load,
    practice,
    progress,
    stamps,
    take,
    waiting,
)
from selfcheck.grade import CheckResult, GradeRecord
from selfcheck.practice import Practice
from selfcheck.progress import Store
from selfcheck.take import Taking

# The package's attribute of this name is the function, not its module.
GRADING = sys.modules["selfcheck.grade"]
GOOD = "def double(x):\n    return x + x\n"


@pytest.fixture
def found(toy, book, here) -> keys.Keys:
    return keys.resolve(toy, book, here)


@pytest.fixture(autouse=True)
def data_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture(autouse=True)
def grader(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Judge programs by whether they add or multiply; keep what was handed in."""
    handed = []

    def grade(item, source, config=None):
        handed.append(source)
        ok = "x + x" in source or "2 * x" in source
        check = CheckResult(name="doubles", ok=ok)
        verdict = "right" if ok else "wrong"
        message = "" if ok else "expected 4, got 2"
        section = None if ok else "toy-add"
        return GradeRecord(
            item=item, verdict=verdict, checks=[check], message=message, section=section
        )

    def run_example(item, source, config=None):
        return GradeRecord(item=item, verdict="right", stdout="4\n")

    monkeypatch.setattr(GRADING, "grade", grade)
    monkeypatch.setattr(GRADING, "run_example", run_example)
    return handed


@pytest.fixture
def reader(toy, book, found, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.py").write_text(GOOD)
    (tmp_path / "bad.py").write_text("def double(x):\n    return x\n")

    watch(monkeypatch)

    def start(answers, practice=False, file=toy, **said):
        sitting = Practice if practice else Taking
        store = Store("toy-book")
        return Script(
            lambda console: sitting(file, book, found, console, store), answers, **said
        )

    return start


class Clock:
    """The time that the terminal sees."""

    def __init__(self, stamp: str) -> None:
        self.stamp = stamp

    def later(self, **much: int) -> None:
        self.stamp = stamps.later(self.stamp, **much)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock("2026-03-01T10:00:00.000Z")
    for module in (progress, take, waiting):
        monkeypatch.setattr(module, "now", lambda: found.stamp)
    return found


RIGHT = {"choice": ["RIGHT"], "multiple": ["RIGHT"], "output": ["RIGHT"]}
RIGHT |= {"short": ["RIGHT"], "order": ["RIGHT"], "code": ["RIGHT"]}


def finished(store: Store) -> dict:
    return store.quiz("toy")["rounds"][-1]["attempts"][-1]


def test_a_quiz_with_right_answers_passes_and_is_kept(reader):
    script = reader(RIGHT)
    script.sitting.run("s")
    assert "5 of 5 points." in script.text and "Passed." in script.text
    attempt = finished(Store("toy-book"))
    assert attempt["finished"] and attempt["seed"] == "s"
    assert all(entry["state"] == "right" for entry in attempt["items"])


def test_a_wrong_choice_is_refuted_and_its_key_stays_closed(reader):
    script = reader({"choice": ["WRONG"], "*": [":quit"]})
    while "Not right." not in script.text:
        script.answers |= {"choice": ["WRONG"], "*": [":skip"] * 4 + [":quit"]}
        script.sitting.run("s")
    said = script.text
    assert "You joined the digits" in said or "You took the larger" in said
    assert "Read again: section toy-add" in said
    assert "Counting on by one" not in said and "The key:" not in said


def only(kind: str, *answers: str) -> dict[str, list[str]]:
    """Answer one type, skip the others twice, then leave."""
    return {kind: list(answers), "*": [":skip"] * 8 + [":quit"]}


def test_a_known_wrong_output_is_refuted_after_each_try(reader):
    script = reader(only("output", "total 99", "total 99"))
    script.sitting.run("s")
    assert "You have 1 try left." in script.text
    assert script.text.count("so large a sum") == 2


def test_an_unforeseen_answer_is_told_to_be_one(reader):
    script = reader(only("output", "something else", "total 99"))
    script.sitting.run("s")
    assert script.text.count("none of the mistakes we expected") == 1


def test_ticked_options_are_refuted_and_missed_keys_stay_closed(reader):
    script = reader(only("multiple", "a b c d"))
    script.sitting.run("s")
    assert script.text.count("You chose “") == 2
    for letter in "abcd":
        script = reader(only("multiple", letter), practice=True)
        script.sitting.run("s")
        chosen = "You chose" in script.text
        assert chosen != ("something that holds is not ticked" in script.text)


def test_letters_that_are_no_options_use_no_try(reader):
    script = reader(only("choice", "z", "a b", "1", ":nonsense", ":help", "RIGHT"))
    script.sitting.run("s")
    assert script.text.count("Expected one letter from a to c") == 3
    assert "Expected one of :skip, :give" in script.text
    assert "Right, 1 point." in script.text


def test_what_is_no_number_uses_no_try(reader):
    # The seed is searched for one that draws the numeric question.
    for seed in "abcdefghijkl":
        script = reader(
            {"short": ["1,5", "two", "RIGHT"], "*": [":skip"] * 8 + [":quit"]},
            practice=True,
        )
        script.sitting.run(seed)
        if "times seven" in script.text:
            break
    assert script.text.count("Expected a number such as") == 2
    assert "Right, 1 point." in script.text


def test_giving_up_settles_a_question(reader):
    script = reader(only("choice", ":give"))
    script.sitting.run("s")
    entry = next(
        e for e in finished(Store("toy-book"))["items"] if e["id"] == "toy-sum"
    )
    assert (entry["state"], entry["tries"]) == ("wrong", [])


@pytest.mark.parametrize("way_out", ["^C", ":quit"])
def test_leaving_keeps_every_answer_and_the_next_run_goes_on(reader, way_out: str):
    script = reader({"choice": ["RIGHT", way_out], "*": [way_out]})
    script.answers |= {"multiple": ["RIGHT"], "output": ["RIGHT"]}
    script.sitting.run("s")
    assert "all kept; `selfcheck take toy` goes on here." in script.text
    before = finished(Store("toy-book"))
    again = reader(RIGHT)
    again.sitting.run("another-seed")
    assert "An attempt with the seed s is open" in again.text
    assert "You go on with attempt 1 of 2" in again.text
    after = finished(Store("toy-book"))
    assert after["seed"] == "s" and after["finished"]
    for old, new in zip(before["items"], after["items"], strict=True):
        assert new["tries"][: len(old["tries"])] == old["tries"]


def test_the_end_of_the_input_counts_as_leaving(reader):
    script = reader({})
    script.sitting.run("s")
    assert "0 of 5 answered, all kept" in script.text


def test_an_attempt_that_lacks_its_program_has_not_passed(reader):
    script = reader(RIGHT | {"code": [":skip", ":quit"]})
    script.sitting.run("s")
    assert "4 of 5 answered" in script.text and "waits for a program" in script.text
    assert "Passed" not in script.text


def test_a_program_is_run_graded_and_graded_again(reader, grader):
    script = reader(only("code", ":run", "bad.py", "good.py"))
    script.sitting.run("s")
    assert "It printed:\n4" in script.text
    assert "expected 4, got 2" in script.text
    assert "Read again: section toy-add" in script.text
    assert "You have 4 tries left." in script.text
    assert "Right, 1 point." in script.text
    assert len(grader) == 2


def test_a_draft_begins_with_the_starter_and_stays(reader, grader, data_home: Path):
    reader(only("code", ":quit")).sitting.run("s")
    path = data_home / "selfcheck/drafts/toy-book/toy/toy-double.py"
    assert path.read_text() == "def double(x):\n    ...\n"
    path.write_text(GOOD)
    script = reader(only("code", "grade"))
    script.sitting.run()
    assert grader == [GOOD] and "Right, 1 point." in script.text


def test_edit_opens_the_draft_in_the_reader_s_editor(
    reader, grader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nprintf 'def double(x): return 2 * x' > \"$2\"\n")
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", f"{editor} --flag")
    script = reader(only("code", ":edit", "grade"))
    script.sitting.run("s")
    assert grader == ["def double(x): return 2 * x"]


def test_an_editor_that_does_not_work_is_named(reader, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EDITOR", "no-such-editor")
    script = reader(only("code", ":edit"))
    script.sitting.run("s")
    assert "The editor no-such-editor did not work" in script.text


def test_a_missing_file_and_a_broken_grader_use_no_submission(
    reader, monkeypatch: pytest.MonkeyPatch
):
    from selfcheck.sandbox import SandboxError

    def broken(*_, **__):
        raise SandboxError("no memory")

    monkeypatch.setattr(GRADING, "grade", broken)
    script = reader(only("code", "nowhere.py", "good.py"))
    script.sitting.run("s")
    assert "Expected a program to read" in script.text
    assert "no submission is used: no memory" in script.text
    entries = finished(Store("toy-book"))["items"]
    assert all(not e["tries"] for e in entries)


def test_a_refused_program_uses_no_submission(reader, monkeypatch: pytest.MonkeyPatch):
    refuse = GradeRecord(item="x", verdict="refused", message="too long")
    monkeypatch.setattr(GRADING, "grade", lambda *_, **__: refuse)
    script = reader(only("code", "good.py"))
    script.sitting.run("s")
    assert "too long" in script.text
    assert all(not e["tries"] for e in finished(Store("toy-book"))["items"])


def test_keys_of_missed_questions_open_when_the_round_is_over(reader):
    for seed in ("one", "two"):
        script = reader({"*": [":give"] * 5})
        script.sitting.run(seed)
        assert "Not passed." in script.text
        opened = script.text.count("The key:")
        assert (opened >= 5) == (seed == "two"), "keys open after the last attempt"
        assert ("1 more in this round" in script.text) == (seed == "one")


def test_practice_explains_everything_and_counts_nothing(reader, clock: Clock):
    script = reader({"choice": ["WRONG"], "*": [":give"] * 9}, practice=True)
    script.sitting.run("s")
    assert "Practice: nothing counts" in script.text
    assert script.text.count("The key:") == 5
    assert "Passed" not in script.text and "How sure" not in script.text
    kept = Store("toy-book").quiz("toy")
    assert kept["rounds"] == [] and kept["deck"] == {} and kept["seen"] == {}


def test_a_question_whose_key_practice_showed_rests(reader, clock: Clock):
    reader(
        {"choice": ["RIGHT"], "*": [":skip"] * 4 + [":quit"]}, practice=True
    ).sitting.run("s")
    script = reader(
        {"output": [":give"], "*": [":skip"] * 8 + [":quit"]}, practice=True
    )
    script.sitting.run("s")
    kept = Store("toy-book").quiz("toy")
    week = stamps.later(clock.stamp, days=7)
    assert kept["retired"] == {"toy-sum": week, "toy-loop": week}


def test_practice_without_a_seed_leaves_an_open_attempt_alone(
    reader, toy, book, found, monkeypatch: pytest.MonkeyPatch
):
    reader({}).sitting.run("s")
    kept = Store("toy-book").quiz("toy")["rounds"]
    drawn = {}

    def sample(items, draw, seed, seen, retired=()):
        drawn["retired"] = retired
        return []

    monkeypatch.setattr(practice.sampler, "sample", sample)
    reader({}, practice=True).sitting.run()
    assert drawn["retired"] == [e["id"] for e in kept[0]["attempts"][0]["items"]]
    assert Store("toy-book").quiz("toy")["rounds"] == kept


def test_the_same_seed_asks_the_same_questions_in_practice(reader):
    said = []
    for _ in range(2):
        script = reader({"*": [":give"] * 9}, practice=True)
        script.sitting.run("same")
        said.append(script.text)
    assert said[0] == said[1]


def test_an_order_is_read_as_letters(toy: load.PoolFile):
    assert asking.letters("c a b", 3) == [2, 0, 1]
    assert asking.letters("C,A", 3) == [2, 0]
    assert asking.letters("aa", 3) is None
    assert asking.letters("d", 3) is None
    assert asking.letters("!", 3) is None


def entry_of(kind: str) -> dict:
    names = {"choice": "toy-sum", "output": "toy-loop", "code": "toy-double"}
    items = finished(Store("toy-book"))["items"]
    return next(entry for entry in items if entry["id"] == names[kind])


@pytest.mark.parametrize(
    ("typed", "kept"), [("g", "guess"), ("Unsure", "unsure"), ("su", "sure")]
)
def test_how_sure_a_reader_is_stands_beside_each_try(reader, typed: str, kept: str):
    script = reader(only("output", "total 99", "RIGHT"), sure=typed)
    script.sitting.run("s")
    assert [t.get("confidence") for t in entry_of("output")["tries"]] == [kept, kept]


def test_a_blank_leaves_open_how_sure_the_reader_is(reader):
    script = reader(only("choice", "RIGHT"))
    script.sitting.run("s")
    assert "confidence" not in entry_of("choice")["tries"][0]


def test_nobody_is_asked_how_sure_a_program_is(reader, grader):
    script = reader(only("code", "good.py"), sure="sure")
    script.sitting.run("s")
    assert "confidence" not in entry_of("code")["tries"][0]


def test_what_is_no_confidence_is_asked_again():
    lines = iter(["perhaps", "s"])
    said: list[str] = []
    console = asking.Console(lambda prompt: next(lines), said.append)
    assert asking.confidence(console) == "sure"
    assert said == [f"Expected {asking.SURE}."]


def failed_round(reader) -> None:
    for seed in ("one", "two"):
        reader({"*": [":give"] * 5}).sitting.run(seed)


def test_after_a_failed_round_the_next_one_waits_and_says_why(reader, clock: Clock):
    failed_round(reader)
    script = reader({"*": [":give"] * 5})
    script.sitting.run("three")
    assert "the next round is not open yet" in script.text
    assert "What was just refuted" in script.text
    assert "- section toy-add" in script.text and "- section toy-name" in script.text
    assert "in 10 minutes, when 2 more sections were read." in script.text
    assert "selfcheck take toy --practice" in script.text
    assert len(Store("toy-book").quiz("toy")["rounds"]) == 1


def test_sections_that_were_read_and_ten_minutes_open_the_next_round(
    reader, clock: Clock
):
    failed_round(reader)
    script = reader({}, read="yes")
    script.sitting.run()
    assert (
        "The next round opens at" in script.text and "sections" not in script.said[-2]
    )
    assert Store("toy-book").quiz("toy")["gate"]["sections"] == []
    clock.later(minutes=9)
    script = reader({})
    script.sitting.run()
    assert "in 1 minute." in script.text and "Did you read" not in script.text
    clock.later(minutes=1)
    script = reader(RIGHT)
    script.sitting.run()
    assert "Attempt 1 of 2 in this round" in script.text and "Passed." in script.text


def test_a_section_that_was_not_read_keeps_the_round_shut_after_the_pause(
    reader, clock: Clock
):
    failed_round(reader)
    clock.later(minutes=30)
    script = reader({}, read="no")
    script.sitting.run()
    assert "The next round opens when 2 more sections were read." in script.text


def test_due_questions_are_mentioned_when_an_attempt_begins(reader, clock: Clock):
    reader(RIGHT).sitting.run("s")
    clock.later(days=2)
    script = reader({})
    script.sitting.run("t")
    assert "5 of its questions are due: `selfcheck review toy`." in script.text


def test_sections_are_named_by_heading_and_page(reader, pools: Path):
    (pools.parent / "sums.md").write_text("(toy-add)=\n## Adding `x`\n")
    script = reader(only("choice", ":give"))
    script.sitting.run("s")
    assert "section toy-add, “Adding `x`” on the page sums." in script.text


def test_an_attempt_that_was_forgotten_elsewhere_ends_the_sitting(reader):
    def forget(script: Script) -> str:
        store = Store("toy-book")
        store.apply(script.sitting.quiz, {"type": "reset"})
        return "RIGHT"

    script = reader(only("choice", "RIGHT"))
    original = script.console._read
    script.console._read = lambda prompt: (
        (forget(script) and original(prompt)) if prompt == "> " else original(prompt)
    )
    script.sitting.run("s")
    assert "not in your record any more" in script.text


@pytest.fixture
def half_term(pools: Path, book) -> exam.ExamFile:
    path = pools / "half-term" / "exam.yaml"
    path.parent.mkdir()
    path.write_text(
        "exam: half-term\ntitle: Half term\npools: [toy]\nquiz:\n"
        "  draw: {choice: 1, multiple: 1, output: 1, short: 1, code: 1}\n"
        "  pass: {at_least: 4}\n"
    )
    return exam.load(path, book)


def test_an_exam_is_taken_like_a_quiz(
    reader, half_term: exam.ExamFile, data_home: Path
):
    script = reader(RIGHT, file=half_term)
    script.sitting.run("s")
    assert "Half term: 5 questions" in script.text and "Passed." in script.text
    attempt = Store("toy-book").quiz("half-term")["rounds"][0]["attempts"][0]
    assert all(entry["state"] == "right" for entry in attempt["items"])
    assert (data_home / "selfcheck/drafts/toy-book/toy/toy-double.py").is_file()


def test_an_exam_names_the_section_of_the_pool(reader, half_term: exam.ExamFile):
    script = reader(only("choice", "WRONG"), file=half_term)
    script.sitting.run("s")
    assert "Read again: section toy-add" in script.text
