"""Every rule: a pool that breaks it is reported with its id, at the right line.

The pool is the one that the book's page about quizzes explains, and sound; each case
breaks it at one place. A rule of the rulebook without a case fails the last test.
"""

import ast
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.selfcheck.sphinx_book import Book

import selfcheck
from selfcheck import config, exam, load, sphinx_ext
from selfcheck.lint import lint, lint_exam
from selfcheck.problems import PoolError, Problem
from selfcheck.rulebook import rulebook

EXAMPLE = Path(__file__).parent / "data" / "example"
POOL = "floats/pool.yaml"
TENTH = "- id: floats-tenth"
EXAM = "exam: numbers\ntitle: Numbers\npools: [floats]\n"


@dataclass
class Case:
    """A way to break a rule: the edit, and what the reported line says."""

    rule: str
    old: str
    new: str
    line: str  # stands in the reported line; "" is an empty file's first line
    file: str = POOL
    at: str = ""  # the reported file, when it is another one
    also: set[str] = field(default_factory=set)  # rules that are broken by it, too


WRITING = [
    Case(
        "refutations-are-sentences",
        "why: >-\n          You thought of decimal digits in memory. A float has a "
        "power of two below the\n          fraction line, and ten is none.",
        "why: No.",
        "why: No.",
    ),
    Case(
        "refutations-differ",
        "It is not smaller than one, yet that does not make it larger: nan has no "
        "place\n          in the order at all.",
        "A nan says that there is no number. Two missing numbers do not count as the\n"
        "          same one.",
        "A nan says",
    ),
    Case(
        "options-differ",
        "text: It becomes half as large",
        'text: "*it stays the same*"',
        '"*it stays the same*"',
    ),
    Case(
        "options-stand-alone",
        "text: It becomes half as large",
        "text: Neither of the above",
        "Neither of the above",
    ),
    Case(
        "enough-options",
        "      - text: $2^{53} + 1$\n        misconception: whole-numbers-are-exact\n"
        "        why: >-\n          It would need 54 bits. From $2^{53}$ on, only the "
        "even whole numbers are\n          floats.\n",
        "",
        "wrong:",
    ),
    Case(
        "claims-have-evidence",
        "assert math.ulp(2.0) == 2 * math.ulp(1.0)",
        "print(math.ulp(2.0) == 2 * math.ulp(1.0))",
        "import math",
    ),
    Case("variations-are-used", "vary: {n:", "vary: {m: [1], n:", "m: [1]"),
    Case(
        "prompts-have-no-headings",
        "prompt: Which of these numbers are floats?",
        'prompt: "# Which are floats?"',
        "# Which are floats?",
    ),
    Case(
        "pool-is-large-enough",
        "    family: floats-gap\n",
        "    family: floats-total\n",
        "draw:",
    ),
    Case(
        "objectives-are-tested",
        "  rounding:\n    anchor",
        "  printing: {anchor: floats-spacing, text: Print.}\n  rounding:\n    anchor",
        "printing:",
    ),
    Case(
        "pass-is-possible",
        "items:\n",
        "quiz:\n  pass: {at_least: 6}\nitems:\n",
        "pass: {at_least: 6}",
    ),
    Case(
        "guessing-does-not-pass",
        "items:\n",
        "quiz:\n  pass: {at_least: 1, must: []}\nitems:\n",
        "quiz:",
    ),
    Case(
        "anchors-exist",
        "floats-spacing)=",
        "spacing)=",
        "anchor:",
        "../floats.md",
        POOL,
    ),
]
FORM = [
    Case("yaml", "title: Floats", "title: Floats\ntitle: Sums", "title: Sums"),
    Case("missing", "key: {text: It doubles, why: Both", "key: {why: Both", "key:"),
    Case(
        "value",
        "level: recall\n    prompt: >-\n      How",
        "level: easy\n    prompt: >-\n      How",
        "level: easy",
    ),
    Case("type", "type: numeric", "type: number", "type: number"),
    Case("pool", "pool: floats", "pool: float", "pool: float"),
    Case("id", TENTH, "- id: floats-exact", "- id: floats-exact"),
    Case(
        "objective",
        "objective: rounding\n    level: understand\n    prompt: What",
        "objective: sums\n    level: understand\n    prompt: What",
        "objective: sums",
    ),
    Case(
        "vary", "except: [{k: 53, term: 2}]", "except: [{j: 53}]", "except: [{j: 53}]"
    ),
    Case("exam", "exam: numbers", "exam: number", "exam: number", "numbers/exam.yaml"),
    Case(
        "pools",
        "pools: [floats]",
        "pools: [float]",
        "pools: [float]",
        "numbers/exam.yaml",
    ),
]
KEYS = [
    Case("patch", 'patch: ["big + {term} - big"', 'patch: ["big"', 'patch: ["big"'),
    Case(
        "run",
        "total = 0.0\n      for _",
        "total = nothing\n      for _",
        "total = nothing",
    ),
    Case("evidence", "2 * math.ulp(1.0)", "3 * math.ulp(1.0)", "import math"),
    Case(
        "code",
        "timeout: 10\n    prompt: |\n      Write `total",
        "reference: right/none.py\n    prompt: |\n      Write `total",
        "right/none.py",
        also={"code-files"},
    ),
    Case(
        "trap",
        'expr: "{k} - 53"',
        'expr: "{k} - 52"',
        "expr:",
        also={"traps-are-apart", "lock"},
    ),
    Case(
        "traps-are-apart",
        'expr: "{k} - 53"',
        'expr: "{k} - 52.2"',
        "expr:",
        also={"lock"},
    ),
]
ITEM = "floats/floats-total"
PROGRAMS = [
    Case(
        "code-files",
        "# fails: adds numbers of one size\n",
        "",
        "def total",
        f"{ITEM}/wrong/one_loop.py",
    ),
    Case("code-right", "math.fsum", "sum", "import math", f"{ITEM}/right/library.py"),
    Case(
        "code-wrong",
        "one size",
        "many sizes",
        "many sizes",
        f"{ITEM}/wrong/one_loop.py",
    ),
    Case(
        "code-time",
        "import math\n",
        "import math\nimport time\n\ntime.sleep(0.6)\n",
        "import math",
        f"{ITEM}/right/library.py",
    ),
    Case(
        "code-mutants",
        "import math\n\n\ndef gap(x):\n    neighbor",
        "import math\n\n\ndef gap(x):\n    assert -x < 0\n    neighbor",
        "assert -x < 0",
        "floats/floats-gap/right/reference.py",
    ),
    Case(
        "code-survivors",
        "`return abs(x - neighbor)`",
        "`return abs(x)`",
        "`return abs(x)`",
        "floats/floats-gap/survivors.txt",
        also={"code-mutants"},
    ),
]
LOCKS = [
    Case(
        "lock",
        "total == 1.0, round(total, 3)",
        "total == 1.0, round(total, 2) + 1",
        "floats-steps 0 key",
        at="floats/keys.lock",
    ),
    Case(
        "ids",
        "floats-tenth choice",
        "floats-tenth text",
        "- id: floats-tenth",
        "floats/ids.lock",
        POOL,
    ),
]
DRAW = "{choice: 1, multiple: 1, output: 1, short: 1, code: 1}"
CASES = [*WRITING, *FORM, *KEYS, *PROGRAMS, *LOCKS]


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the example, with an exam, executed and graded once."""
    folder = tmp_path_factory.mktemp("sound") / "book"
    shutil.copytree(EXAMPLE, folder)
    path = folder / "quizzes" / "numbers" / "exam.yaml"
    path.parent.mkdir()
    path.write_text(EXAM, encoding="utf-8")
    assert findings(folder / "quizzes") == []
    return folder


@pytest.fixture
def broken(sound: Path, tmp_path: Path) -> Path:
    shutil.copytree(sound, tmp_path / "book")
    return tmp_path / "book" / "quizzes"


def findings(pools: Path) -> list[Problem]:
    """Return everything that is said about the pools and exams of a book."""
    book = config.read(pools)
    try:
        reports = [lint(file, book) for file in load.load_all(book)]
        for path in sorted(pools.glob("*/exam.yaml")):
            reports.append(lint_exam(exam.load(path, book)))
    except PoolError as error:
        return error.problems
    return [problem for report in reports for problem in report.problems]


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, f"{old!r} is not in {path}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(problem: Problem) -> str:
    lines = problem.path.read_text(encoding="utf-8").splitlines()
    return lines[problem.line - 1]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_broken_rule_is_reported_with_its_id_at_its_line(broken: Path, case: Case):
    prepare(broken, case.rule)
    change(broken / case.file, case.old, case.new)
    found = findings(broken)
    assert {problem.rule for problem in found} == {case.rule, *case.also}
    path = (broken / (case.at or case.file)).resolve()
    told = [p for p in found if p.rule == case.rule and p.path == path]
    assert told and any(case.line in line_of(problem) for problem in told)


def prepare(pools: Path, rule: str) -> None:
    """Bring the pool to where one edit breaks a rule."""
    if rule == "pool-is-large-enough":
        change(pools / POOL, "items:\n", f"quiz:\n  draw: {DRAW}\nitems:\n")
        place = "  - id: floats-gap\n    type: code\n"
        change(pools / POOL, place, place + "    family: floats-gap\n")
        change(
            pools / POOL,
            "  - id: floats-same\n",
            "  - id: floats-same\n    family: floats-total\n",
        )
    if rule == "code-time":
        change(pools / POOL, "timeout: 10", "timeout: 2")


def test_keys_that_are_always_the_longest_are_reported_at_the_first(broken: Path):
    text = (
        (broken / POOL)
        .read_text("utf-8")
        .replace(
            "The float nearest to one tenth",
            "The float that is nearest to the number one tenth",
        )
    )
    start, end = text.index(f"  {TENTH}"), text.index("  - id: floats-compare")
    copies = [
        text[start:end].replace("floats-tenth", f"floats-tenth-{n}") for n in range(4)
    ]
    (broken / POOL).write_text(text + "".join(copies), encoding="utf-8")
    (problem,) = [p for p in findings(broken) if p.rule == "keys-are-not-the-longest"]
    head = text[: text.index("    key:")]
    assert problem.line == head.count("\n") + 1 and "floats-tenth-3" in problem.message


def test_an_unlabeled_anchor_is_reported_when_the_book_is_built(
    site: Book, edit: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch
):
    path = edit("{anchor: toy-name,", "{anchor: toy-nome,")
    found: list[Problem] = []
    monkeypatch.setattr(sphinx_ext, "warn", found.append)
    site.build()
    assert {(problem.rule, problem.path) for problem in found} == {("anchor", path)}
    assert "toy-nome" in line_of(found[0])


BUILT = {"anchor"}
COUNTED = {"keys-are-not-the-longest"}
ACROSS = {"family"}  # of two pools; see test_load.py


def test_every_rule_of_the_rulebook_has_a_case():
    known = [rule.id for rules in rulebook().values() for rule in rules]
    assert len(set(known)) == len(known)
    assert {case.rule for case in CASES} | BUILT | COUNTED | ACROSS == set(known)


def test_every_rule_says_what_it_wants_and_how_to_mend_it():
    for rules in rulebook().values():
        for rule in rules:
            assert rule.wants.endswith(".") and rule.mend.endswith("."), rule.id
            assert rule.id == rule.id.lower() and " " not in rule.id


def test_every_id_that_is_reported_is_in_the_rulebook():
    known = {rule.id for rules in rulebook().values() for rule in rules}
    sources = sorted(Path(selfcheck.__file__).parent.glob("*.py"))
    found = {name for path in sources for name in reported(path)}
    assert {"yaml", "lock", "code-time", "missing", "evidence"} <= found
    assert found <= known


def reported(path: Path) -> set[str]:
    """Return the ids that a module gives to findings: as such, or as its `rule`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            place = {"Problem": 2, "problem": 0}.get(name, 99)
            found |= texts(node.args[place : place + 1])
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "rule":
            found |= texts(
                getattr(node.value, side, None) for side in ("body", "orelse")
            )
    return found


def texts(nodes: Iterable[ast.AST | None]) -> set[str]:
    values = [node.value for node in nodes if isinstance(node, ast.Constant)]
    return {value for value in values if isinstance(value, str)}
