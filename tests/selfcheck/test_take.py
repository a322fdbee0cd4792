"""A quiz taken on a terminal, by readers of every temper."""

import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from selfcheck import asking, keys, load, state
from selfcheck.asking import Console
from selfcheck.grade import CheckResult, GradeRecord
from selfcheck.progress import Store
from selfcheck.spoken import Question
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


class Script:
    """A reader: answers by the type of the question that was just shown."""

    def __init__(self, taking_of, answers: dict[str, Iterable[str]]):
        self.said: list[str] = []
        self.answers = {kind: list(lines) for kind, lines in answers.items()}
        self.console = Console(self.read, self.write)
        self.taking: Taking = taking_of(self.console)

    def write(self, text: str) -> None:
        self.said.append(text)

    @property
    def text(self) -> str:
        return "\n".join(self.said)

    def read(self, prompt: str) -> str:
        tasks = [line for line in self.said if ":help lists more" in line]
        last = tasks[-1] if tasks else ""
        kinds = {"Choose one": "choice", "Choose every": "multiple"}
        kinds |= {"Write down": "output", "Put the": "order", "Write a pro": "code"}
        kind = next(
            (k for start, k in kinds.items() if last.startswith(start)), "short"
        )
        lines = self.answers.get(kind) or self.answers.get("*") or []
        if not lines:
            raise EOFError
        answer = lines.pop(0)
        if answer in ("RIGHT", "WRONG"):
            return self.judged(kind, answer == "RIGHT")
        if answer == "^C":
            raise KeyboardInterrupt
        return answer

    def judged(self, kind: str, right: bool) -> str:
        """Return the reader's line for a right or a wrong answer."""
        entries = state.current(self.taking.now)["items"]
        items = self.taking.items
        strata = {"order": "short"}
        entry = next(
            e
            for e in entries
            if e["state"] == "open"
            and items[e["id"]]["stratum"] == strata.get(kind, kind)
        )
        question = Question.of(
            self.taking.file, self.taking.keys, entry["id"], entry["variant"]
        )
        key = question.answers.key
        if kind == "code":
            return "good.py" if right else "bad.py"
        if "options" in key or "lines" in key:
            chosen = key.get("options", key.get("lines"))
            places = [entry["order"].index(j) for j in chosen]
            n = len(entry["order"])
            if not right:
                places = [(p + 1) % n for p in places]
            return " ".join(asking.LETTERS[p] for p in places)
        if not right:
            return "99999"
        return str(key.get("text", key.get("value", (key.get("accept") or [""])[0])))


@pytest.fixture
def reader(toy, book, found, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.py").write_text(GOOD)
    (tmp_path / "bad.py").write_text("def double(x):\n    return x\n")

    def start(answers, practice=False):
        store = None if practice else Store("toy-book")
        return Script(lambda console: Taking(toy, book, found, console, store), answers)

    return start


RIGHT = {"choice": ["RIGHT"], "multiple": ["RIGHT"], "output": ["RIGHT"]}
RIGHT |= {"short": ["RIGHT"], "order": ["RIGHT"], "code": ["RIGHT"]}


def finished(store: Store) -> dict:
    return store.quiz("toy")["rounds"][-1]["attempts"][-1]


def test_a_quiz_with_right_answers_passes_and_is_kept(reader):
    script = reader(RIGHT)
    script.taking.run("s")
    assert "5 of 5 points." in script.text and "Passed." in script.text
    attempt = finished(Store("toy-book"))
    assert attempt["finished"] and attempt["seed"] == "s"
    assert all(entry["state"] == "right" for entry in attempt["items"])


def test_a_wrong_choice_is_refuted_and_its_key_stays_closed(reader):
    script = reader({"choice": ["WRONG"], "*": [":quit"]})
    while "Not right." not in script.text:
        script.answers |= {"choice": ["WRONG"], "*": [":skip"] * 4 + [":quit"]}
        script.taking.run("s")
    said = script.text
    assert "You joined the digits" in said or "You took the larger" in said
    assert "Read again: section toy-add" in said
    assert "Counting on by one" not in said and "The key:" not in said


def only(kind: str, *answers: str) -> dict[str, list[str]]:
    """Answer one type, skip the others twice, then leave."""
    return {kind: list(answers), "*": [":skip"] * 8 + [":quit"]}


def test_a_known_wrong_output_is_refuted_after_its_second_try(reader):
    script = reader(only("output", "total 99", "total 99"))
    script.taking.run("s")
    assert "You have 1 try left." in script.text
    assert script.text.count("so large a sum") == 1


def test_unticked_keys_and_ticked_options_are_both_explained(reader):
    script = reader(only("multiple", "a"))
    script.taking.run("s")
    assert "You left out “" in script.text


def test_letters_that_are_no_options_use_no_try(reader):
    script = reader(only("choice", "z", "a b", "1", ":nonsense", ":help", "RIGHT"))
    script.taking.run("s")
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
        script.taking.run(seed)
        if "times seven" in script.text:
            break
    assert script.text.count("Expected a number such as") == 2
    assert "Right, 1 point." in script.text


def test_giving_up_settles_a_question(reader):
    script = reader(only("choice", ":give"))
    script.taking.run("s")
    entry = next(
        e for e in finished(Store("toy-book"))["items"] if e["id"] == "toy-sum"
    )
    assert (entry["state"], entry["tries"]) == ("wrong", [])


@pytest.mark.parametrize("way_out", ["^C", ":quit"])
def test_leaving_keeps_every_answer_and_the_next_run_goes_on(reader, way_out: str):
    script = reader({"choice": ["RIGHT", way_out], "*": [way_out]})
    script.answers |= {"multiple": ["RIGHT"], "output": ["RIGHT"]}
    script.taking.run("s")
    assert "all kept; `selfcheck take toy` goes on here." in script.text
    before = finished(Store("toy-book"))
    again = reader(RIGHT)
    again.taking.run("another-seed")
    assert "An attempt with the seed s is open" in again.text
    assert "You go on with attempt 1 of 2" in again.text
    after = finished(Store("toy-book"))
    assert after["seed"] == "s" and after["finished"]
    for old, new in zip(before["items"], after["items"], strict=True):
        assert new["tries"][: len(old["tries"])] == old["tries"]


def test_the_end_of_the_input_counts_as_leaving(reader):
    script = reader({})
    script.taking.run("s")
    assert "0 of 5 answered, all kept" in script.text


def test_an_attempt_that_lacks_its_program_has_not_passed(reader):
    script = reader(RIGHT | {"code": [":skip", ":quit"]})
    script.taking.run("s")
    assert "4 of 5 answered" in script.text and "waits for a program" in script.text
    assert "Passed" not in script.text


def test_a_program_is_run_graded_and_graded_again(reader, grader):
    script = reader(only("code", ":run", "bad.py", "good.py"))
    script.taking.run("s")
    assert "It printed:\n4" in script.text
    assert "expected 4, got 2" in script.text
    assert "Read again: section toy-add" in script.text
    assert "You have 4 tries left." in script.text
    assert "Right, 1 point." in script.text
    assert len(grader) == 2


def test_a_draft_begins_with_the_starter_and_stays(reader, grader, data_home: Path):
    reader(only("code", ":quit")).taking.run("s")
    path = data_home / "selfcheck/drafts/toy-book/toy/toy-double.py"
    assert path.read_text() == "def double(x):\n    ...\n"
    path.write_text(GOOD)
    script = reader(only("code", "grade"))
    script.taking.run()
    assert grader == [GOOD] and "Right, 1 point." in script.text


def test_edit_opens_the_draft_in_the_reader_s_editor(
    reader, grader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nprintf 'def double(x): return 2 * x' > \"$2\"\n")
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", f"{editor} --flag")
    script = reader(only("code", ":edit", "grade"))
    script.taking.run("s")
    assert grader == ["def double(x): return 2 * x"]


def test_an_editor_that_does_not_work_is_named(reader, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EDITOR", "no-such-editor")
    script = reader(only("code", ":edit"))
    script.taking.run("s")
    assert "The editor no-such-editor did not work" in script.text


def test_a_missing_file_and_a_broken_grader_use_no_submission(
    reader, monkeypatch: pytest.MonkeyPatch
):
    from selfcheck.sandbox import SandboxError

    def broken(*_, **__):
        raise SandboxError("no memory")

    monkeypatch.setattr(GRADING, "grade", broken)
    script = reader(only("code", "nowhere.py", "good.py"))
    script.taking.run("s")
    assert "Expected a program to read" in script.text
    assert "no submission is used: no memory" in script.text
    entries = finished(Store("toy-book"))["items"]
    assert all(not e["tries"] for e in entries)


def test_a_refused_program_uses_no_submission(reader, monkeypatch: pytest.MonkeyPatch):
    refuse = GradeRecord(item="x", verdict="refused", message="too long")
    monkeypatch.setattr(GRADING, "grade", lambda *_, **__: refuse)
    script = reader(only("code", "good.py"))
    script.taking.run("s")
    assert "too long" in script.text
    assert all(not e["tries"] for e in finished(Store("toy-book"))["items"])


def test_keys_of_missed_questions_open_when_the_round_is_over(reader):
    for seed in ("one", "two"):
        script = reader({"*": [":give"] * 5})
        script.taking.run(seed)
        assert "Not passed." in script.text
        opened = script.text.count("The key:")
        assert (opened >= 5) == (seed == "two"), "keys open after the last attempt"
        assert ("1 more in this round" in script.text) == (seed == "one")


def test_practice_explains_everything_and_keeps_nothing(reader):
    script = reader({"choice": ["WRONG"], "*": [":give"] * 9}, practice=True)
    script.taking.run("s")
    assert "Practice: nothing counts" in script.text
    assert script.text.count("The key:") == 5
    assert "Passed" not in script.text
    assert not Store("toy-book").path.exists()


def test_the_same_seed_asks_the_same_questions_in_practice(reader):
    said = []
    for _ in range(2):
        script = reader({"*": [":give"] * 9}, practice=True)
        script.taking.run("same")
        said.append(script.text)
    assert said[0] == said[1]


def test_an_order_is_read_as_letters(toy: load.PoolFile):
    assert asking.letters("c a b", 3) == [2, 0, 1]
    assert asking.letters("C,A", 3) == [2, 0]
    assert asking.letters("aa", 3) is None
    assert asking.letters("d", 3) is None
    assert asking.letters("!", 3) is None
