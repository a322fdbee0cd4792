"""Errors inside traced functions: the reader's own line speaks first."""

import textwrap
from pathlib import Path

import pytest

from selfcheck import config, sandbox
from selfcheck.explain import explain
from selfcheck.grade import grade, run_example
from selfcheck.traced import in_short, read

DATA = Path(__file__).parent / "data"
USER_CODE = """\
in user code:

    File "/book/checks.py", line 82, in in_graph  *
        return list(s.f(x))
    File "/tmp/run/submission.py", line 6, in f  *
        y = g(x)
    File "/lib/ops.py", line 20, in wrapper  **
        <source unavailable>

    ValueError: two lines:

        the second
"""
EXECUTION = """\
Graph execution error:

Detected at node Reshape defined at (most recent call last):
  File "<frozen runpy>", line 198, in _run_module_as_main

  File "/tmp/run/submission.py", line 7, in double
    return tf.reshape(x, [n])

Detected at node Add defined at (most recent call last):
<stack traces unavailable>
2 root error(s) found.
  (0) INVALID_ARGUMENT: Input to reshape
\t [[{{node Reshape}}]] [Op:__inference_double_13]"""
BROKEN = {
    "detour": ("return tf.constant(x.numpy())", "AttributeError: 'SymbolicTensor'"),
    "shapes": ("return tf.reshape(x, [7])", "ValueError: "),
    "lookup": ('return {"a": x}["b"]', "KeyError: 'b'"),
    "raised": ('raise RuntimeError("mine\\n\\nas well")', "RuntimeError: mine\n\nas"),
    "truth": ("return max(x, 0.0)", "NotAllowedInGraphError: Using a symbolic"),
    "at run time": (
        "return tf.reshape(x, [7 + tf.cast(0.0 * tf.reduce_sum(x), tf.int32), 1])",
        "InvalidArgumentError: Input to reshape is a tensor with",
    ),
    "assertion": (
        "tf.debugging.assert_less(x, -9.0); return x",
        "InvalidArgumentError: ",
    ),
}
SIGNS = ("in user code", "Graph execution error", "Detected at node", "autograph_gen")


def submission(line: str, decorator: str = "@tf.function") -> str:
    return (
        f"import tensorflow as tf\n\n\ndef inner(x):\n    {line}\n\n\n"
        f"{decorator}\ndef double(x):\n    return inner(x)\n"
    )


@pytest.mark.parametrize("name", BROKEN)
def test_a_check_tells_the_line_and_the_cause(name: str):
    line, said = BROKEN[name]
    record = grade("demo/double", submission(line), config=config.read(DATA))
    assert record.verdict == "wrong"
    assert record.message.startswith("your code raised ")
    assert said in record.message
    assert record.message.endswith(f"\nin line 5: {line}")
    assert not any(sign in record.message for sign in SIGNS)


@pytest.mark.parametrize("name", BROKEN)
def test_a_program_tells_the_line_and_the_cause(name: str):
    line, said = BROKEN[name]
    source = submission(line) + "\n\ndouble(tf.constant([1.0, 2.0]))\n"
    record = run_example("demo/double", source, config=config.read(DATA))
    assert record.verdict == "error"
    assert record.message.startswith(f"The program stopped in line 5 (`{line}`)")
    assert said.split(":")[0] in record.message
    assert not any(sign in record.message for sign in SIGNS)


def test_the_traceback_goes_through_the_traced_function():
    sandbox.configure(config.read(DATA))
    line = BROKEN["detour"][0]
    source = submission(line) + "\n\ndouble(tf.constant([1.0, 2.0]))\n"
    found = sandbox.run_program(source)
    rows = [row for row in found.error.splitlines() if "File" in row]
    assert [row.split(", ")[1:] for row in rows] == [
        ["line 13", "in <module>"],
        ["line 10", "in double"],
        ["line 5", "in inner"],
    ]
    assert f"    {line}" in found.error.splitlines()


def test_a_check_that_traces_the_submission_tells_its_line():
    line = "return tf.constant(x.numpy()) if tf.inside_function() else x * 2.0"
    source = submission(line, decorator="")
    record = grade("demo/double", source, config=config.read(DATA))
    assert [check.ok for check in record.checks] == [True, True, False]
    assert record.message.endswith(f"\nin line 5: {line}")


def test_a_check_that_fails_while_tracing_speaks_for_itself(tmp_path: Path):
    folder = tmp_path / "demo"
    (folder / "double").mkdir(parents=True)
    for name in ("selfcheck.toml", "demo/pool.yaml"):
        (tmp_path / name).write_text((DATA / name).read_text("utf-8"), "utf-8")
    (folder / "double" / "checks.py").write_text(
        textwrap.dedent("""
            import tensorflow as tf
            from selfcheck.checks import check, raises, works_for_unknown_batch

            @check("has a name")
            def named(s):
                tf.function(lambda x: s.twice(x))(tf.ones([2]))

            @check("has a batch")
            def batch(s):
                works_for_unknown_batch(s.double, tf.ones([2, 2]))

            @check("raises")
            def raising(s):
                raises(TypeError, s.double, tf.ones([2, 2]))
            """)
    )
    book = config.read(tmp_path)
    record = grade("demo/double", submission("return tf.reshape(x, [7])"), config=book)
    missing, batch, raising = (check.message for check in record.checks)
    assert missing.startswith("expected the program to define `twice`")
    assert "got ValueError: " in batch and "got ValueError: " in raising
    assert "\nin line 5: return tf.reshape(x, [7])" in batch
    assert "\nin line 5: return tf.reshape(x, [7])" in raising
    assert "in user code" not in record.message + batch + raising


@pytest.mark.parametrize(
    ("loop", "verdict"),
    [
        ("while True: n += 1", "timeout"),
        ("import ctypes; ctypes.string_at(0)", "crashed"),
    ],
)
def test_where_autograph_s_version_runs_the_function_is_named(loop, verdict):
    source = submission(f"n = 0\n    {loop}\n    return x")
    record = grade("demo/double", source, timeout=4.0, config=config.read(DATA))
    assert record.verdict == verdict
    assert "in the traced function `inner` (line 4)" in record.message


def test_the_program_s_own_line_is_nearer_than_a_traced_function_around_it():
    trace = (
        '  File "/lib/list.py", line 3 in pop\n'
        '  File "/tmp/run/submission.py", line 2 in helper\n'
        '  File "/tmp/__autograph_generated_filea1.py", line 9 in tf__double\n'
    )
    outcome = {"events": [], "sealed": False, "trace": trace, "end": "timeout"}
    source = "def helper():\n    while True: pass\ndef double(x): helper()\n"
    found = explain(outcome, timeout=1, memory=1, source=source)
    assert "in line 2 (`while True: pass`)" in found.message
    outcome["trace"] = "".join(trace.splitlines(True)[2:])
    found = explain(outcome, timeout=1, memory=1, source=source)
    assert "in the traced function `double` (line 3)" in found.message


def test_user_code_is_taken_apart():
    found = read(USER_CODE)
    assert (found.kind, found.cause) == ("ValueError", "two lines:\n\n    the second")
    assert [(line.file, line.number) for line in found.lines] == [
        ("/book/checks.py", 82),
        ("/tmp/run/submission.py", 6),
        ("/lib/ops.py", 20),
    ]
    assert found.lines[1].code == "y = g(x)"


def test_execution_errors_are_taken_apart():
    found = read(EXECUTION)
    assert found.kind is None
    assert [line.number for line in found.lines] == [198, 7]
    assert found.cause.splitlines() == [
        "2 root error(s) found.",
        "  (0) INVALID_ARGUMENT: Input to reshape",
        "\t [[{{node Reshape}}]]",
    ]


def test_one_inside_the_other_is_taken_apart():
    inner = EXECUTION.replace("\n", "\n    ")
    text = USER_CODE[: USER_CODE.index("    ValueError")]
    found = read(f"{text}    InvalidArgumentError: {inner}\n")
    assert found.kind == "InvalidArgumentError"
    assert found.cause.startswith("2 root error(s) found.")
    assert [line.number for line in found.lines] == [82, 6, 20, 198, 7]


@pytest.mark.parametrize(
    "text", ["", "in user codes:", "x\nin user code:\n", "Graph execution", "no error"]
)
def test_other_messages_stay(text: str):
    assert read(text) is None
    assert in_short(ValueError(text)) == f"ValueError: {text}"


@pytest.mark.parametrize("text", ["in user code:", "Graph execution error:"])
def test_a_message_cut_short_is_no_error(text: str):
    assert read(text).lines == ()
    for whole in (USER_CODE, EXECUTION):
        for size in range(len(whole)):
            found = read(whole[:size])
            assert found is None or isinstance(found.cause, str)
