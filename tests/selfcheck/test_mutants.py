"""Mutants: which slips are made, and what is said about those that survive."""

import ast
import dataclasses
import textwrap
from pathlib import Path
from types import SimpleNamespace

import pytest

from selfcheck import config, kills, load
from selfcheck.grade import grade
from selfcheck.lint import lint
from selfcheck.mutants import Mutant, describe, mutants
from selfcheck.operators import OPERATORS

DATA = Path(__file__).parent / "data"
REFERENCES = sorted(Path(__file__).parents[2].glob("book/quizzes/*/*/right/*.py"))


def names(source: str) -> set[str]:
    return {mutant.name for mutant in mutants(textwrap.dedent(source), 1000)}


def becomes(old: str, *news: str) -> set[str]:
    return {f"`{old}` becomes `{new}`" for new in news}


SLIPS = [
    (
        "y = tf.reduce_sum(x)",
        becomes("y = tf.reduce_sum(x)", "y = tf.reduce_mean(x)", "y = tf.reduce_max(x)")
        | becomes("y = tf.reduce_sum(x)", "y = x"),
    ),
    (
        "y = tf.reduce_max(x, axis=-1, keepdims=True)",
        becomes(
            "y = tf.reduce_max(x, axis=-1, keepdims=True)",
            "y = tf.reduce_min(x, axis=-1, keepdims=True)",
            "y = tf.reduce_max(x, keepdims=True)",
            "y = tf.reduce_max(x, axis=1, keepdims=True)",
            "y = tf.reduce_max(x, axis=-0, keepdims=True)",
            "y = tf.reduce_max(x, axis=-2, keepdims=True)",
            "y = tf.reduce_max(x, axis=-1, keepdims=False)",
        ),
    ),
    ("y = tf.stop_gradient(x)", becomes("y = tf.stop_gradient(x)", "y = x")),
    (
        "y = tf.cast(x, tf.float64)",
        becomes("y = tf.cast(x, tf.float64)", "y = x", "y = tf.cast(x, tf.float32)"),
    ),
    (
        "y = f(x, dtype='int64')",
        becomes("y = f(x, dtype='int64')", "y = f(x, dtype='int32')"),
    ),
    (
        "ok = a < b",
        becomes("ok = a < b", "ok = a <= b", "ok = a >= b"),
    ),
    ("ok = a == b", becomes("ok = a == b", "ok = a != b")),
    (
        "y = a * b",
        becomes("y = a * b", "y = a / b", "y = a", "y = b"),
    ),
    ("y = -x", becomes("y = -x", "y = x")),
    (
        "v.assign_add(d)",
        becomes("v.assign_add(d)", "v.assign(d)", "v.assign_sub(d)")
        | {"`v.assign_add(d)` is deleted"},
    ),
    ("n += k", becomes("n += k", "n -= k", "n = k") | {"`n += k` is deleted"}),
    ("tape.watch(x)", {"`tape.watch(x)` is deleted"}),
    (
        "with tf.GradientTape(persistent=True) as tape:\n    f()",
        becomes(
            "with tf.GradientTape(persistent=True) as tape:",
            "with tf.GradientTape(persistent=False) as tape:",
        ),
    ),
    (
        "y = net(x, training=False)",
        becomes("y = net(x, training=False)", "y = net(x, training=True)"),
    ),
    (
        "loss = Loss(from_logits=True)",
        becomes("loss = Loss(from_logits=True)", "loss = Loss(from_logits=False)"),
    ),
    ("@tf.function\ndef f(): g()", {"`@tf.function` is deleted"}),
    ("@tf.custom_gradient\ndef f(): g()", {"`@tf.custom_gradient` is deleted"}),
    (
        "with tape.stop_recording():\n    f()",
        becomes("with tape.stop_recording():; f()", "f()"),
    ),
    (
        "y = a if ready else b",
        becomes(
            "y = a if ready else b",
            "y = a if not ready else b",
            "y = a if True else b",
            "y = a if False else b",
        ),
    ),
    ("y = p and q", becomes("y = p and q", "y = p or q", "y = p", "y = q")),
    (
        "y = [i for i in r if i]",
        becomes("y = [i for i in r if i]", "y = [i for i in r]"),
    ),
    ("y = dict(x)", becomes("y = dict(x)", "y = x")),
    ("y = x.numpy()", becomes("y = x.numpy()", "y = x")),
    ("y = x[1:]", becomes("y = x[1:]", "y = x")),
    ("y = tf.matmul(a, b)", becomes("y = tf.matmul(a, b)", "y = tf.matmul(b, a)")),
    (
        "def f():\n    return a, b",
        becomes(
            "return (a, b)", "return (b, a)", "return (None, b)", "return (a, None)"
        ),
    ),
    ("for i in r:\n    f(i)", {"`break` is added", "`f(i)` is deleted"}),
    ("raise Wrong", {"`raise Wrong` is deleted"}),
    ("y = x + 0.5", becomes("y = x + 0.5", "y = x + 5.0", "y = x - 0.5")),
    (
        "def f(x, n):\n    y = g(x)\n    return y",
        becomes("return y", "return n", "return x"),
    ),
]


@pytest.mark.parametrize(("source", "wanted"), SLIPS, ids=[s[0][:24] for s in SLIPS])
def test_slips_of_somebody_who_writes_tensorflow_are_made(source, wanted):
    assert wanted <= names(source)


@pytest.mark.parametrize(
    "source",
    [
        '"""A text about a < b."""',
        "import tensorflow as tf",
        "y: int = x",
        "y = tf.identity(tf.constant(x))",
        "y = tf.nn.pool(*parts)",
        "def f(x: int = n) -> Tensor[1]: 'only a text'",
    ],
)
def test_what_is_no_slip_is_left_alone(source):
    assert names(source) == set()


def test_arguments_without_an_order_are_not_exchanged():
    assert not any("(b, a)" in name for name in names("y = tf.maximum(a, b)"))


def test_first_binding_of_a_name_is_not_deleted():
    found = names("def f(x):\n    y = x\n    z[0] = y\n    return y")
    assert "`z[0] = y` is deleted" in found
    assert "`y = x` is deleted" not in found


def test_one_slip_is_named_once_and_two_places_apart():
    source = "def f(x):\n    g(x)\n    h(x)\n    g(x)\n"
    found = [m for m in mutants(source) if m.operator == "statement-deleted"]
    assert [(m.line, m.name) for m in found] == [
        (2, "`g(x)` is deleted"),
        (3, "`h(x)` is deleted"),
        (4, "`g(x)` is deleted (place 2)"),
    ]


def test_names_stay_when_lines_move():
    source = "def f(x):\n    return x * 2\n"
    moved = '"""A module."""\n\nimport tensorflow as tf\n\n\n' + source
    assert names(source) == names(moved)
    assert {m.line for m in mutants(moved)} == {7}


def test_no_name_is_read_that_is_bound_later():
    source = "def f(a):\n    b = g(a)\n    c = g(b)\n    return c\n"
    found = names(source)
    assert becomes("c = g(b)", "c = g(a)") <= found
    assert not any("= g(c)" in name for name in found)


def test_long_lines_are_shown_around_their_difference():
    line = "value = " + " + ".join(f"part_{n}" for n in range(30))
    name = describe(line, line.replace("part_9 +", "part_9 -"))
    old, new = name.split(" becomes ")
    assert "part_9 + part" in old and "part_9 - part" in new
    assert len(name) < 160


def test_where_there_are_too_many_every_operator_keeps_some():
    body = "\n".join(f"    a = a * {n} + b" for n in range(3, 40))
    source = f"@tf.function\ndef f(a, b):\n{body}\n    tape.watch(a)\n    return a\n"
    every, kept = mutants(source, 10_000), mutants(source, 12)
    assert len(every) > 200 and len(kept) == 12
    assert {m.operator for m in kept} == {m.operator for m in every}
    assert {m.name for m in kept} <= {m.name for m in every}


@pytest.mark.parametrize("path", REFERENCES, ids=lambda p: f"{p.parts[-3]}-{p.stem}")
def test_mutants_of_a_program_are_programs_and_different(path: Path):
    source = path.read_text("utf-8")
    found = mutants(source)
    assert found == mutants(source)
    assert len({m.source for m in found}) == len({m.name for m in found}) == len(found)
    assert ast.unparse(ast.parse(source)) not in {m.source for m in found}
    lines = source.splitlines()
    for mutant in found:
        compile(mutant.source, "mutant", "exec")
        assert 1 <= mutant.line <= len(lines)


def test_every_operator_says_what_it_does_and_is_used():
    assert all((operator.__doc__ or "").strip() for operator in OPERATORS)
    used = {m.operator for source, _ in SLIPS for m in mutants(source, 1000)}
    assert used == {operator.__name__.replace("_", "-") for operator in OPERATORS}


def test_what_is_no_program_is_refused():
    with pytest.raises(SyntaxError):
        mutants("def f(:\n")


REFERENCE = """\
def double(x):
    y = x + 0
    if x < 0:
        return -2 * y
    return y * 2
"""
ALIKE = {
    "`y = x + 0` becomes `y = x - 0`",
    "`y = x + 0` becomes `y = x`",
    "`if x < 0:` becomes `if x <= 0:`",
}


def strict(source: str) -> bool:
    """Whether `double` gives twice the distance from zero."""
    scope: dict = {}
    try:
        exec(source, scope)
        return [scope["double"](x) for x in (3, -3, 0.5)] == [6, 6, 1]
    except Exception:
        return False


class Grader:
    """Grades in this process by a function, and counts."""

    def __init__(self, accepts=strict):
        self.accepts, self.graded = accepts, []

    def __call__(self, folder: Path, source: str, seed: int):
        self.graded.append((source, seed))
        verdict = "right" if self.accepts(source) else "wrong"
        return SimpleNamespace(verdict=verdict)


@pytest.fixture
def item(toy: load.PoolFile) -> Path:
    """The toy pool's coding item with checks and a longer reference."""
    folder = toy.folder / "toy-double"
    (folder / "checks.py").write_text("# graded by a stand-in\n")
    (folder / "right" / "reference.py").write_text(REFERENCE)
    return folder


def test_few_survivors_are_warnings_that_say_what_to_do(toy, book, item):
    problems, (score,) = kills.survivors(toy, book, Grader())
    assert {m.name for m in score.survivors} == ALIKE
    assert score.killed >= 0.8 * score.total
    assert {p.severity for p in problems} == {"warning"}
    assert {p.rule for p in problems} == {"code-mutants"}
    assert {p.path for p in problems} == {item / "right" / "reference.py"}
    assert sorted(p.line for p in problems) == sorted(m.line for m in score.survivors)
    assert "add one to checks.py, or name it in survivors.txt" in problems[0].message


def test_checks_that_notice_too_little_are_an_error(toy, book, item):
    lax = Grader(lambda source: "def double" in source)
    problems, (score,) = kills.survivors(toy, book, lax)
    assert score.killed == 0 and len(score.survivors) == score.total > 10
    (first, *rest) = sorted(problems)
    assert f"0 of {score.total} mutants killed (0%); expected 80%" in first.message
    assert len(rest) == score.total
    assert {p.severity for p in problems} == {"error"}


def test_excused_survivors_do_not_count(toy, book, item):
    (item / "survivors.txt").write_text(
        "# Equal for all numbers.\n\n"
        "`y = x + 0` becomes `y = x - 0`\n    Zero has no sign\n    that matters.\n"
        "`y = x + 0` becomes `y = x`\n\tNothing is added.\n"
        "`if x < 0:` becomes `if x <= 0:`\n\n    Twice zero is zero.\n"
    )
    problems, (score,) = kills.survivors(toy, book, Grader())
    assert problems == []
    assert score.excused == 3 and score.killed == score.total - 3
    assert str(score).endswith("mutants killed (100%), 3 excused")


def test_excuses_for_nobody_or_without_a_reason_are_found(toy, book, item):
    (item / "survivors.txt").write_text(
        "`y = x + 0` becomes `y = x - 0`\n`y = x + 0` becomes `y = 0`\n    Why not.\n"
    )
    problems, _ = kills.survivors(toy, book, Grader())
    found = {p.line: p.message for p in problems if p.rule == "code-survivors"}
    assert "expected the reason on indented lines below" in found[1]
    assert "expected a survivor, there is none of this name" in found[2]


def test_a_mutant_that_one_seed_notices_is_killed(toy, book, item):
    class Second(Grader):
        def __call__(self, folder, source, seed):
            seen = super().__call__(folder, source, seed)
            return seen if seed else SimpleNamespace(verdict="right")

    _, (score,) = kills.survivors(toy, book, Second())
    assert {m.name for m in score.survivors} == ALIKE


def test_a_reference_that_is_not_accepted_has_no_mutants(toy, book, item):
    assert kills.survivors(toy, book, Grader(lambda source: False)) == ([], [])
    (item / "checks.py").unlink()
    grader = Grader()
    assert kills.survivors(toy, book, grader) == ([], []) and grader.graded == []


def test_mutants_are_graded_again_only_when_something_changed(toy, book, item):
    first = kills.survivors(toy, book, Grader())
    idle = Grader()
    assert kills.survivors(toy, book, idle) == first and idle.graded == []
    (item / "checks.py").write_text("# another one\n")
    again = Grader()
    assert kills.survivors(toy, book, again) == first and again.graded


def test_what_was_graded_before_an_interruption_is_kept(toy, book, item):
    class Stopped(Grader):
        def __call__(self, folder, source, seed):
            if len(self.graded) == 8:
                raise KeyboardInterrupt
            return super().__call__(folder, source, seed)

    stopped, rest = Stopped(), Grader()
    with pytest.raises(KeyboardInterrupt):
        kills.survivors(toy, book, stopped)
    kills.survivors(toy, book, rest)
    assert not set(stopped.graded) & set(rest.graded)


def test_the_linter_notes_the_score_of_every_coding_item(toy, book, item, here):
    def judge(folder, source, seed):
        name = "doubles" if strict(source) else "fails"
        check = SimpleNamespace(name=name, ok=strict(source))
        verdict = "right" if check.ok else "wrong"
        return SimpleNamespace(verdict=verdict, checks=[check], message="", seconds=0.1)

    told = []
    report = lint(
        toy, book, runner=here, grade=judge, progress=lambda *step: told.append(step)
    )
    assert any("toy-double: " in n and "mutants killed" in n for n in report.notes)
    done = [step for what, *step in told if what == "mutants"]
    assert done[-1][0] == done[-1][1] == len(done)


def test_checks_behind_the_first_failure_can_be_left_out():
    wrong = "def double(x):\n    return x * 5.0\n"
    book = config.read(DATA)
    record = grade("demo/double", wrong, seed=1, until_failure=True, config=book)
    whole = grade("demo/double", wrong, seed=1, config=book)
    assert (record.verdict, record.message) == ("wrong", whole.message)
    assert [check.name for check in record.checks] == [c.name for c in whole.checks]
    assert {check.message for check in record.checks[1:]} == {"did not run"}
    right = "def double(x):\n    return x * 2.0\n"
    whole = grade("demo/double", right, until_failure=True, config=book)
    assert whole.verdict == "right"


def test_mutants_of_the_demonstration_are_killed_by_its_checks(tmp_path):
    book = dataclasses.replace(config.read(DATA), build=tmp_path)
    file = load.load(DATA / "demo" / "pool.yaml", book)
    problems, scores = kills.survivors(file, book)
    assert [score.item for score in scores] == ["double", "sort-lines"]
    assert [p for p in problems if p.severity == "error"] == []
    assert all(score.killed == score.total > 0 for score in scores), scores


def test_a_mutant_is_told_with_its_line():
    mutant = Mutant("operand-dropped", 3, "`a * b` becomes `a`", "a")
    assert str(mutant) == "line 3: `a * b` becomes `a`"
