"""What is wrong with a pool file is said at its line, all of it at once."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import selfcheck
from selfcheck import config, load, model, variants
from selfcheck.problems import PoolError

Edit = Callable[[str, str], Path]
SCHEMA = Path(selfcheck.__file__).parent / "pool.schema.json"


def findings(path: Path) -> list[str]:
    with pytest.raises(PoolError) as caught:
        load.load(path)
    return str(caught.value).splitlines()


def line_of(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    (found,) = [n for n, line in enumerate(lines, 1) if text in line]
    return found


def test_a_sound_pool_loads_with_every_type_of_item(toy: load.PoolFile):
    assert {item.type for item in toy.pool.items} == set(model.KINDS)
    assert toy.item("toy-loop").why.startswith("A range stops")


def test_an_unknown_item_is_named_with_the_nearest_known_one(toy: load.PoolFile):
    with pytest.raises(KeyError, match="one that exists: 'toy-loop'"):
        toy.item("toy-lopp")


FAULTS = [
    ("level: analyze", "level: hard", "expected 'recall', 'understand'"),
    ("accept: [def]", "accept: [3]", "expected text, got 3 (int); put it in quotes"),
    (
        "why: The total starts",
        "wy: x\n    why: The total starts",
        "did you mean `why`?",
    ),
    ("{abs: 0.01}", "{}", "`abs` or `rel`"),
    ("{abs: 0.01}", "{abs: -1}", "greater than or equal to 0"),
    (
        "add\n    level: analyze",
        "ad\n    level: analyze",
        "expected an objective (add, name); got `ad`",
    ),
    ("- id: toy-word", "- id: toy-loop", "expected an id of its own; line"),
    ("- id: toy-word", "- id: Toy Word", "a name of a-z, 0-9, and -"),
    ("type: numeric", "type: number", "expected a `type`: choice, multiple"),
    ("pool: toy", "pool: tie", "expected the folder's name `toy`, got `tie`"),
    ("{choice: 1,", "{choise: 1,", "'choice', 'multiple', 'output'"),
    ("{a: [3, 5]}", "{a: []}", "at least 1 item"),
    ("{a: [3, 5]}", "{a: [[3]]}", "a number, a text, true, or false"),
    (
        "{a: [3, 5]}",
        "{a: [3]}\n    except: [{b: 1}]",
        "expected a name of `vary`; got `b`",
    ),
    ("{a: [3, 5]}", "{a: [3]}\n    except: [{a: 3}]", "leaves no variant"),
    (
        'answer: "total 99"',
        "patch: [a, b]\n        answer: x",
        "either `patch` or `answer`",
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), FAULTS)
def test_a_single_fault_gives_a_single_finding(edit: Edit, old, new, said):
    path = edit(old, new)
    (finding,) = findings(path)
    assert said in finding
    assert f"{path}:" in finding and ": error [" in finding


def test_a_missing_refutation_is_found_at_its_option(edit: Edit):
    text = '"You took the larger one; a sum of positive numbers exceeds both."'
    path = edit(f"\n        why: {text}", "")
    (finding,) = findings(path)
    line = line_of(path, "plus-is-max") - 1
    assert f":{line}: error [missing] toy-sum: expected `wrong.1.why`" in finding
    assert "write the refutation" in finding


def test_all_faults_of_a_file_are_found_at_once(edit: Edit):
    edit("accept: [def]", "accept: [3]")
    edit("level: analyze", "level: hard")
    edit("- id: toy-word", "- id: toy-loop")
    edit("title: A toy", "titel: A toy")
    path = edit(
        "objective: add\n    level: analyze".replace("analyze", "hard"), "level: hard"
    )
    found = findings(path)
    lines = [int(text.split(":")[1]) for text in found]
    assert len(found) == 6 and lines == sorted(lines)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("pool: toy\nitems: [1,\n", 3, "parsing a flow node"),
        ("pool: toy\npool: tie\n", 2, "duplicate key"),
        ("pool: toy\n\ttitle: x\n", 2, "cannot start any token"),
        ("", 1, "an empty file"),
        ("- a\n", 1, "a list or a plain value"),
        ("key: {text: `a`}\n", 1, "cannot start any token"),
    ],
)
def test_broken_yaml_is_one_finding_at_its_line(tmp_path: Path, text, line, said):
    path = tmp_path / "pool.yaml"
    path.write_text(text)
    (finding,) = findings(path)
    assert f"{path}:{line}: error [yaml] expected" in finding and said in finding


def test_a_file_that_is_not_utf8_is_one_finding(tmp_path: Path):
    path = tmp_path / "pool.yaml"
    path.write_bytes(b"pool: \xff\xfe")
    (finding,) = findings(path)
    assert "expected UTF-8 YAML" in finding


def test_yaml_1_2_reads_no_as_text_and_exponents_as_numbers(edit: Edit):
    edit("accept: [def]", "accept: [no, on]")
    path = edit("tolerance: {abs: 0.01}", "tolerance: {rel: 1e-3}")
    pool = load.load(path)
    assert pool.item("toy-word").accept == ["no", "on"]
    assert pool.item("toy-product").tolerance.rel == 0.001


def test_one_id_in_two_pools_is_found(pools: Path):
    other = pools / "other"
    other.mkdir()
    text = (pools / "toy" / "pool.yaml").read_text().replace("pool: toy", "pool: other")
    (other / "pool.yaml").write_text(text)
    with pytest.raises(PoolError, match=r"toy-sum: expected an id of its own; .*other"):
        load.load_all(config.read(pools))


def test_a_family_of_two_pools_is_found_in_the_second(exams: Path, edit: Edit):
    path = edit("id: toy-word\n", "id: toy-word\n    family: tiny-pick\n")
    line = line_of(path, "family: tiny-pick")
    with pytest.raises(PoolError) as caught:
        load.load_all(config.read(exams))
    (said,) = map(str, caught.value.problems)
    assert f"toy/pool.yaml:{line}: error [family] toy-word: expected a family" in said
    assert "tiny/pool.yaml has `tiny-pick`, too; rename one" in said


def test_findings_of_several_pools_come_together(pools: Path):
    other = pools / "other"
    other.mkdir()
    (other / "pool.yaml").write_text("pool: x\n")
    (pools / "toy" / "pool.yaml").write_text("a: [\n")
    with pytest.raises(PoolError) as caught:
        load.load_all(config.read(pools))
    assert {p.path.parent.name for p in caught.value.problems} == {"toy", "other"}


def test_rules_of_a_quiz_default_to_the_book_s(pools: Path, edit: Edit):
    (pools / "selfcheck.toml").write_text("[quiz]\nattempts = 3\n")
    path = edit("  pass: {at_least: 4, must: [code]}\n", "")
    pool = load.load(path, config.read(pools)).pool
    assert pool.quiz.attempts == 3
    assert pool.quiz.draw["choice"] == 1
    assert pool.quiz.pass_.at_least == 6


def test_the_committed_schema_is_generated_from_the_model():
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == model.schema(), (
        "expected a fresh schema; run `selfcheck schema --write`"
    )


def test_variants_are_all_combinations_but_the_excepted(edit: Edit):
    path = edit(
        "vary: {a: [3, 5]}", "vary: {a: [3, 5], b: [x, y]}\n    except: [{a: 3, b: y}]"
    )
    item = load.load(path).item("toy-product")
    assert variants.combinations(item) == [
        {"a": 3, "b": "x"},
        {"a": 5, "b": "x"},
        {"a": 5, "b": "y"},
    ]


@given(st.text(), st.text(alphabet="{}ab", max_size=20))
def test_filling_touches_declared_names_only(value, text):
    filled = variants.fill(text, {"a": value})
    assert filled == text.replace("{a}", value)


@given(st.text(alphabet="abcdefgh-", min_size=1))
def test_canonical_options_are_all_options_and_keys_point_at_the_right_ones(name):
    wrong = [{"text": f"w{i}", "misconception": "m", "why": "w"} for i in range(3)]
    raw = {"id": "x", "type": "choice", "objective": "o", "level": "recall"}
    raw |= {"prompt": "p", "key": {"text": "k", "why": "w"}, "wrong": wrong}
    item = model.Choice.model_validate(raw)
    listed = variants.options(item, name)
    (place,) = variants.key_indices(item, name)
    assert listed[place] == item.key
    assert sorted(option.text for option in listed) == ["k", "w0", "w1", "w2"]


def test_a_broken_configuration_is_one_clear_error(tmp_path: Path):
    with pytest.raises(config.ConfigError, match="expected a folder of pools"):
        config.read(tmp_path / "none")
    (tmp_path / "selfcheck.toml").write_text("book = 3\n")
    with pytest.raises(config.ConfigError, match="'book': expected str, got 3"):
        config.read(tmp_path)
    (tmp_path / "selfcheck.toml").write_text("boook = 'x'\n")
    with pytest.raises(config.ConfigError, match="'boook': expected one of book"):
        config.read(tmp_path)
    (tmp_path / "selfcheck.toml").write_text("book = \n")
    with pytest.raises(config.ConfigError, match="expected TOML"):
        config.read(tmp_path)


def test_pools_are_found_from_inside_the_book(
    pools: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("SELFCHECK_POOLS", raising=False)
    assert config.find(pools / "toy").pools == pools
    assert config.find(pools.parent).pools == pools
    with pytest.raises(config.ConfigError, match="set SELFCHECK_POOLS"):
        config.find("/")
    monkeypatch.setenv("SELFCHECK_POOLS", str(pools))
    assert config.find("/").book == "toy-book"
