"""The command line: what it prints and with which status it ends."""

import io
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from selfcheck import cards, cli, progress, stamps
from selfcheck.progress import Store
from selfcheck.rulebook import rulebook

Edit = Callable[[str, str], Path]


@pytest.fixture
def run(pools: Path, tmp_path: Path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("SELFCHECK_POOLS", str(pools))

    def command(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        status = cli.main(arguments)
        said = capsys.readouterr()
        return status, said.out, said.err

    return command


def checked(pools: Path) -> Path:
    """Give the coding item checks."""
    folder = pools / "toy" / "toy-double"
    (folder / "checks.py").write_text(
        "from selfcheck.checks import check\n\n\n"
        '@check("doubles", section="toy-add")\n'
        "def doubles(s):\n    assert s.double(3) == 6, 'expected 6'\n"
    )
    return folder


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    for command in ("take", "review", "progress", "grade", "lint", "keys", "schema"):
        assert f"\n    {command} " in said


@pytest.mark.parametrize("command", ["take", "review", "progress", "lint"])
def test_a_command_s_help_explains_it(command: str, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--help"])
    assert ended.value.code == 0
    assert len(capsys.readouterr().out.split()) > 25


@pytest.mark.parametrize("arguments", [[], ["takes"], ["take"], ["grade", "a/b"]])
def test_a_wrong_command_ends_with_status_2_and_its_usage(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2
    assert "usage: selfcheck" in capsys.readouterr().err


def test_take_asks_and_keeps_what_was_answered(run):
    status, out, err = run("take", "toy", "--seed", "s", typed=":skip\n:give\n")
    assert (status, err) == (0, "")
    assert "A toy: 5 questions" in out
    assert "1 of 5 answered, all kept" in out
    assert Store("toy-book").quiz("toy")["rounds"][0]["attempts"][0]["seed"] == "s"


def test_take_of_an_unknown_pool_names_those_there_are(run):
    status, out, err = run("take", "tie")
    assert status == 2 and out == ""
    assert "expected a pool at" in err and "toy" in err


def test_take_of_a_broken_pool_prints_its_findings(run, edit: Edit):
    path = edit("accept: [def]", "accept: [3]")
    status, _, err = run("take", "toy")
    assert status == 1 and f"{path}:" in err and "put it in quotes" in err


def test_grade_prints_checks_and_ends_with_the_verdict(run, pools: Path):
    folder = checked(pools)
    status, out, _ = run("grade", "toy/toy-double", str(folder / "right/reference.py"))
    assert status == 0 and "toy/toy-double: right" in out and "ok  doubles" in out
    source = "def double(x): return x"
    status, out, _ = run("grade", "toy/toy-double", "-", typed=source)
    assert status == 1 and "expected 6" in out and "section toy-add" in out


def test_grade_writes_the_record_as_json(run, pools: Path):
    checked(pools)
    source = "def double(x): return 2 * x"
    status, out, _ = run("grade", "toy/toy-double", "-", "--json", typed=source)
    record = json.loads(out)
    assert status == 0
    assert (record["schema"], record["item"]) == (1, "toy/toy-double")
    assert record["verdict"] == "right" and record["checks"][0]["name"] == "doubles"


def test_grade_runs_the_example_on_request(run, pools: Path):
    checked(pools)
    source = "def double(x): return 2 * x"
    status, out, _ = run("grade", "toy/toy-double", "-", "--example", typed=source)
    assert status == 0 and "It printed:\n4" in out


@pytest.mark.parametrize(
    ("item", "file", "said"),
    [
        ("toy/toy-doubel", "-", "'toy-double'"),
        ("toy/toy-sum", "-", "toy/toy-sum is of type choice"),
        ("toy", "-", "<pool>/<item>"),
        ("toy/toy-double", "none.py", "none.py"),
    ],
)
def test_what_cannot_be_graded_is_said_with_status_2(run, pools, item, file, said):
    checked(pools)
    status, _, err = run("grade", item, file)
    assert status == 2 and said in err and "Traceback" not in err


def test_lint_prints_findings_notes_and_a_count(run):
    status, out, _ = run("lint")
    assert status == 1
    assert "error [pool-is-large-enough]" in out
    assert "toy: guessing passes one attempt with probability" in out
    assert out.rstrip().splitlines()[-1].endswith("errors")


def test_lint_accepts_new_answers_on_request(run, pools: Path):
    _, out, _ = run("lint", "toy", "--update-lock")
    assert (pools / "toy" / "keys.lock").is_file()
    assert "[lock]" not in out
    _, out, _ = run("lint", "toy")
    assert "[lock]" not in out


def test_lint_of_an_unknown_pool_is_an_error_and_not_a_pass(run):
    status, _, err = run("lint", "tie")
    assert status == 2 and "expected a pool at" in err


def test_lint_explains_all_its_rules(run):
    status, out, _ = run("lint", "--rules")
    assert status == 0
    for rule in (rule for rules in rulebook().values() for rule in rules):
        assert f"\n  {rule.id}\n      {rule.wants[:20]}" in out
    assert "\n  code-mutants\n" in out and "survivors.txt" in out


def with_exam(pools: Path, at_least: int = 4) -> None:
    path = pools / "half-term" / "exam.yaml"
    path.parent.mkdir()
    path.write_text(
        "exam: half-term\ntitle: Half term\npools: [toy]\nquiz:\n"
        "  draw: {choice: 1, multiple: 1, output: 1, short: 1, code: 1}\n"
        f"  pass: {{at_least: {at_least}}}\n"
    )


def test_lint_prints_the_bound_of_each_quiz_and_exam(run, pools: Path):
    with_exam(pools)
    _, out, _ = run("lint")
    for slug in ("toy", "half-term"):
        assert f"{slug}: guessing passes one attempt with probability" in out
    _, out, _ = run("lint", "half-term")
    assert "half-term: guessing passes" in out and "\ntoy:" not in out


def test_lint_of_one_pool_is_not_kept_by_another_that_is_broken(run, pools: Path):
    (pools / "half-written").mkdir()
    (pools / "half-written" / "pool.yaml").write_text("pool: half-written\n")
    _, out, err = run("lint", "toy")
    assert "toy: guessing passes" in out and err == ""
    for names in ([], ["half-written"]):
        status, _, err = run("lint", *names)
        assert status == 1 and "half-written/pool.yaml:1: error [missing]" in err


def test_lint_checks_the_rules_of_an_exam(run, pools: Path):
    with_exam(pools, at_least=9)
    status, out, _ = run("lint", "half-term")
    path = pools / "half-term" / "exam.yaml"
    assert status == 1
    assert f"{path}:6: error [pass-is-possible] expected at most 5 points" in out


def test_an_exam_is_taken_by_its_name(run, pools: Path):
    with_exam(pools)
    status, out, _ = run("take", "half-term", typed=":give\n")
    assert status == 0 and "Half term: 5 questions" in out


def test_practice_keeps_no_attempt(run):
    status, out, _ = run("take", "toy", "--practice", "--seed", "s", typed=":quit\n")
    assert status == 0 and "Practice: nothing counts" in out and "Seed s." in out
    assert Store("toy-book").quiz("toy")["rounds"] == []


def test_review_asks_what_is_due(run, monkeypatch):
    run("take", "toy", "--seed", "s", typed=":give\n")
    status, out, _ = run("review")
    assert status == 0 and "Nothing is due. The next one comes on" in out
    soon = stamps.later(stamps.now(), days=2)
    for module in (cards, progress):
        monkeypatch.setattr(module, "now", lambda: soon)
    status, out, _ = run("review", "toy", typed=":give\n")
    assert status == 0 and "1 question due for review" in out
    assert "1 reviewed, 0 right." in out
    status, _, err = run("review", "tie")
    assert status == 2 and "expected a pool at" in err


def test_progress_alone_is_an_overview(run):
    run("take", "toy", "--seed", "s", typed=":give\n")
    status, out, _ = run("progress")
    assert status == 0 and "A toy (toy): 0 of 2 mastered; an attempt is open" in out


def test_progress_reset_forgets_the_rounds_alone(run):
    run("take", "toy", "--seed", "s", typed=":give\n")
    before = Store("toy-book").quiz("toy")
    status, out, _ = run("progress", "reset", "toy")
    after = Store("toy-book").quiz("toy")
    assert status == 0 and "The rounds of toy are forgotten" in out
    assert before["rounds"] and not after["rounds"]
    assert after["deck"] == before["deck"] and after["seen"] == before["seen"]
    status, _, err = run("progress", "reset")
    assert status == 2 and "selfcheck progress reset QUIZ" in err


def test_keys_prints_what_the_programs_answered(run):
    status, out, _ = run("keys", "toy", "toy-loop")
    assert status == 0
    assert 'toy-loop n=3\n  key   {"text": "total 3\\n"}' in out
    status, _, err = run("keys", "toy", "toy-lopp")
    assert status == 2 and "one that exists: 'toy-loop'" in err


def test_schema_prints_json(run):
    status, out, _ = run("schema")
    assert status == 0 and json.loads(out)["title"] == "Pool"


def test_progress_moves_between_files(run, tmp_path: Path):
    run("take", "toy", typed=":give\n")
    file = tmp_path / "out.json"
    assert run("progress", "export", str(file))[0] == 0
    Store("toy-book").path.unlink()
    status, out, _ = run("progress", "import", str(file))
    assert status == 0 and "Taken over: toy." in out
    assert Store("toy-book").quiz("toy")["rounds"]
    status, _, err = run("progress", "import")
    assert status == 2 and "expected a file" in err
    assert run("progress", "path")[1].strip() == str(Store("toy-book").path)


def test_a_folder_without_pools_is_one_clear_message(tmp_path: Path):
    (tmp_path / "empty").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "selfcheck.cli", "--pools", "nowhere", "lint"],
        cwd=tmp_path / "empty",
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "expected a folder of pools" in done.stderr
    assert "Traceback" not in done.stderr


def commands_of(page: str) -> list[list[str]]:
    found = re.findall(r"(?m)`selfcheck ([^`\n]+)`|^selfcheck ([^#\n]+)", page)
    return [shlex.split(one or other) for one, other in found]


@pytest.mark.parametrize("page", ["quizzes", "progress", "setup"])
def test_every_command_that_a_page_names_is_one(page: str):
    text = (Path(__file__).parents[2] / "book" / f"{page}.md").read_text("utf-8")
    named = commands_of(text.replace(".venv/bin/", ""))
    assert named
    for words in named:
        if words == ["take"]:  # said of the command, without a quiz
            words = ["take", "tape"]
        assert cli._parser().parse_args(words).run, words
