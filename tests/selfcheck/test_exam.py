"""Part exams: one quiz over several pools."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from tests.selfcheck.half_term import EXAM, TINY

import selfcheck
from selfcheck import config, exam, guessing, load, payload, sampler, seal
from selfcheck.exam import ExamFile
from selfcheck.problems import PoolError
from selfcheck.texts import texts

SCHEMA = Path(selfcheck.__file__).parent / "exam.schema.json"


@pytest.fixture
def half_term(exams: Path) -> ExamFile:
    return exam.load(exams / "half-term" / "exam.yaml", config.read(exams))


def findings(pools: Path, text: str) -> list[str]:
    path = pools / "half-term" / "exam.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PoolError) as caught:
        exam.load(path, config.read(pools))
    return [str(problem) for problem in caught.value.problems]


def test_an_exam_has_the_items_and_objectives_of_all_its_pools(half_term: ExamFile):
    assert [item.id for item in half_term.items][-2:] == ["tiny-pick", "tiny-square"]
    assert list(half_term.objectives) == ["toy.add", "toy.name", "tiny.add"]
    assert half_term.objectives["tiny.add"].text == "Count."
    assert half_term.owner("tiny-pick").slug == "tiny"
    assert half_term.item("toy-word").type == "text"


def test_an_unknown_item_of_an_exam_is_named_with_the_nearest_known_one(half_term):
    with pytest.raises(KeyError, match="one that exists: 'tiny-pick'"):
        half_term.item("tiny-pik")


def test_pool_and_exam_are_found_by_their_names(exams: Path):
    book = config.read(exams)
    assert exam.load_quiz("half-term", book).title == "Half term"
    assert isinstance(exam.load_quiz("tiny", book), load.PoolFile)
    with pytest.raises(config.ConfigError, match=r"pools in .*: tiny, toy; exams"):
        exam.load_quiz("full-term", book)


def test_a_folder_with_a_pool_and_an_exam_is_refused(exams: Path):
    (exams / "tiny" / "exam.yaml").write_text(EXAM)
    with pytest.raises(config.ConfigError, match="found both; give the exam a folder"):
        exam.load_quiz("tiny", config.read(exams))


def test_rules_default_to_the_exam_s_own_and_not_to_the_quizzes(exams: Path):
    (exams / "selfcheck.toml").write_text(
        "[quiz]\nattempts = 3\ndraw = {choice = 1}\npass = {at_least = 1}\n"
    )
    path = exams / "half-term" / "exam.yaml"
    path.write_text(EXAM.partition("quiz:")[0])
    rules = exam.load(path, config.read(exams)).quiz
    assert rules.draw == {
        "choice": 6,
        "multiple": 2,
        "output": 4,
        "short": 2,
        "code": 2,
    }
    assert (rules.pass_.at_least, rules.pass_.must) == (12, ["code"])
    assert rules.attempts == 3
    with (exams / "selfcheck.toml").open("a") as file:
        file.write("[exam]\nattempts = 1\n")
    assert exam.load(path, config.read(exams)).quiz.attempts == 1


FAULTS = [
    ("[toy, tiny]", "[toy, tinny]", 3, "got `tinny`. did you mean `tiny`?"),
    ("[toy, tiny]", "[toy, toy]", 3, "`toy` is in the list already; remove one"),
    ("[toy, tiny]", "[]", 3, "at least 1 item"),
    ("pools: [toy, tiny]\n", "", 1, "expected `pools`, found none; name those"),
    ('"Half term"', "3", 2, "expected text, got 3 (int); put it in quotes"),
    ("title:", "titel:", 2, "did you mean `title`?"),
    ("exam: half-term", "exam: term", 1, "expected the folder's name `half-term`"),
    ("choice: 2", "choise: 2", 5, "'choice', 'multiple', 'output'"),
    ("at_least: 6", "at_least: -6", 6, "greater than 0"),
    ("  draw", "   draw", 6, "expected YAML"),
]


@pytest.mark.parametrize(("old", "new", "line", "said"), FAULTS)
def test_every_fault_of_an_exam_is_found_at_its_line(exams, old, new, line, said):
    found = findings(exams, EXAM.replace(old, new))
    assert any(f"exam.yaml:{line}: error [" in one and said in one for one in found)


def test_an_empty_exam_file_says_what_it_should_hold(exams: Path):
    (said,) = findings(exams, "")
    assert "expected an exam, a mapping with exam, title, pools; got an empty" in said


def test_faults_of_a_pool_are_told_at_the_pool_s_own_lines(exams: Path):
    text = TINY.replace("level: apply", "level: hard")
    (exams / "tiny" / "pool.yaml").write_text(text)
    (said,) = findings(exams, EXAM)
    assert "tiny/pool.yaml:" in said and "tiny-square: `level`" in said


def test_the_committed_exam_schema_is_generated_from_the_model():
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == exam.schema(), (
        "expected a fresh schema; run `selfcheck schema --exam --write`"
    )


# What page and terminal get


@pytest.fixture
def data(half_term: ExamFile, exams: Path) -> dict:
    book = config.read(exams)
    return payload.public(half_term, exam.resolve(half_term, book), "toy-book")


def test_the_data_of_an_exam_name_each_item_s_pool_and_objective(data: dict):
    items = {item["id"]: item for item in data["items"]}
    assert items["tiny-pick"]["pool"] == "tiny"
    assert items["tiny-pick"]["objective"] == "tiny.add"
    assert items["toy-sum"]["objective"] == "toy.add"
    assert data["quiz"] == "half-term" and data["draw"]["short"] == 2


def test_an_exam_names_the_seals_of_its_pools(data: dict, exams: Path):
    book = config.read(exams)
    for slug in ("toy", "tiny"):
        pool = load.load(book.pool_file(slug), book)
        alone = payload.public(pool, exam.resolve(pool, book), "toy-book")
        assert data["pools"][slug]["salt"] == alone["salt"]


def test_an_exam_is_sampled_over_its_pools(data: dict):
    drawn = sampler.sample(data["items"], data["draw"], "seed", {})
    assert len(drawn) == 7 and {"tiny-pick", "toy-sum"} <= set(drawn)


def test_what_a_notebook_gets_of_an_exam_opens_with_the_pools_salts(half_term, exams):
    keys = exam.resolve(half_term, config.read(exams))
    rendered = {text.label: text.source for text in texts(half_term)}
    links = {name: {"href": "", "title": name} for name in half_term.objectives}
    found = payload.assemble(half_term, keys, "toy-book", rendered, links)
    assert found["objectives"]["tiny.add"]["text"] == "Count."
    item = next(item for item in found["items"] if item["id"] == "tiny-square")
    blob, salt = item["sealed"][1]["key"], found["pools"]["tiny"]["salt"]
    key = json.loads(seal.unseal(blob, salt, seal.label("tiny-square", 1, "key")))
    assert key["value"] == 16
    assert payload.section(found, rendered).count('data-item="tiny-square"') == 2


# Guessing


def test_the_bound_of_an_exam_counts_the_items_of_all_pools(half_term: ExamFile):
    found = guessing.pass_by_guessing(half_term.quiz, half_term.items)
    alone = guessing.pass_by_guessing(half_term.quiz, half_term.pools[1].items)
    assert 0 < found < guessing.BOUND
    assert alone == 0, "two points at most, six are needed"
    (pick,) = [item for item in half_term.items if item.id == "tiny-pick"]
    assert guessing.chance(pick) == Fraction(1, 3)
