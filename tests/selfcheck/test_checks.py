"""The check library: each check holds for the right thing and says what is wrong."""

import ast
import textwrap
from pathlib import Path

import pytest

import selfcheck.checks as library
from selfcheck import config, sandbox

DATA = Path(__file__).parent / "data"
HEAD = "import numpy as np\nimport tensorflow as tf\nfrom selfcheck.checks import *\n"


@pytest.fixture(autouse=True)
def book():
    sandbox.configure(config.read(DATA))


@pytest.fixture
def outcome(tmp_path):
    """Run the body of one check against a submission: None, or what the check says."""

    def run(body, submission="", seed=1):
        text = HEAD + "@check('it')\ndef it(s):\n" + textwrap.indent(body, "    ")
        (tmp_path / "checks.py").write_text(text, encoding="utf-8")
        job = {
            "kind": "grade",
            "source": textwrap.dedent(submission),
            "checks": str(tmp_path / "checks.py"),
            "guarded": [],
            "seed": seed,
        }
        told = sandbox.run_job(job, timeout=20, memory=4096)
        assert told["sealed"], told
        for event in told["events"]:
            if "check" in event:
                assert event["ok"] == (event["message"] == "")
                return event["message"] or None
        raise AssertionError(f"the check did not run: {told['events']}")

    return run


HOLDS = {
    "close values": "values_close(tf.constant([1.0, 2.0]), [1.0, 2.0 + 1e-7])",
    "structures": "values_close([tf.ones(2), None], [np.ones(2), None])",
    "dicts": "values_close({'a': tf.ones(2)}, {'a': np.ones(2)})",
    "nan and infinity": "values_close([np.nan, np.inf], tf.constant([np.nan, np.inf]))",
    "booleans": "values_close(tf.constant([True]), [True])",
    "complex": "values_close(tf.constant([1 + 2j]), [1 + 2j])",
    "half floats": "values_close(tf.ones([2], 'bfloat16'), [1.0, 1.0])",
    "large integers": "values_close(tf.constant(2**62 + 1), 2**62 + 1)",
    "scalars": "values_close(3.0, tf.constant(3.0))",
    "sparse gradient": "values_close(tf.IndexedSlices(tf.ones([1, 2]), [1], [2, 2]),"
    " [[0.0, 0.0], [1.0, 1.0]])",
    "shape": "shape_dtype(tf.ones([2, 3]), [None, 3], 'float32')",
    "shape of a variable": "shape_dtype(tf.Variable([1.0]), [1], tf.float32)",
    "equal": "equal([1, 'a'], [1, 'a'])",
    "type": "is_a(tf.ones(2), tf.Tensor)",
    "raises": "raises(ValueError, int, 'x')",
    "gradient": "gradient_exists(lambda x: x * x, tf.ones(2))",
    "gradient by a variable": "v = random_variable([2])\n"
    "gradient_exists(lambda: v * v, wrt=[v])",
    "no gradient": "gradient_missing(lambda x: tf.stop_gradient(x), tf.ones(2))",
    "gradient like": "gradient_close(tf.math.softplus, random_input([3]), "
    "expected=lambda x: tf.math.log(1 + tf.exp(x)))",
    "gradient by differences": "gradient_close(lambda x, w: tf.tanh(x @ w), "
    "random_input([2, 3]), random_input([3, 2]))",
    "gradient given": "gradient_close(lambda x: x ** 2, tf.constant([3.0]), "
    "expected=[[6.0]])",
    "eager and graph": "same_eager_and_graph(tf.nn.relu, random_input([4]))",
    "op in graph": "graph_has_op(tf.nn.relu, random_input([4]), op='Relu')",
    "op in inner function": "inner = tf.function(lambda x: tf.nn.relu(x))\n"
    "graph_has_op(lambda x: inner(x), random_input([4]), op='Relu')",
    "op not in graph": "graph_lacks_op(tf.nn.relu, random_input([4]), op='Exp')",
    "one trace": "retraces_at_most(1, lambda x: x, [tf.ones(2)], [tf.zeros(2)])",
    "unknown batch": "works_for_unknown_batch(lambda x: x / tf.cast(tf.shape(x)[0], "
    "x.dtype), random_input([4, 3]))",
}


@pytest.mark.parametrize("name", HOLDS)
def test_check_holds_for(outcome, name):
    assert outcome(HOLDS[name]) is None


FAILS = {
    "far values": (
        "values_close(tf.constant([1.0, 2.5]), [1.0, 2.0], on={'x': [3]}, what='y')",
        ["y: expected", "2.5", "index [1]", "on the input x = [3]"],
    ),
    "nan": ("values_close(float('nan'), 1.0)", ["expected 1.", "nan"]),
    "large integers": (
        "values_close(tf.constant(2**62), 2**62 + 1)",
        ["4611686018427387905", "4611686018427387904"],
    ),
    "other shape": (
        "values_close(tf.ones([2, 1]), [1.0, 1.0])",
        ["expected the shape [2], got [2, 1]"],
    ),
    "no tensor": ("values_close('a', [1.0])", ["got 'a' of type str"]),
    "None": ("values_close(None, [1.0])", ["expected [1.]", "got None"]),
    "not None": ("values_close([tf.ones([])], [None])", ["expected None, got 1."]),
    "fewer parts": (
        "values_close([tf.ones(1)], [tf.ones(1)] * 2)",
        ["expected a list or tuple with 2, got 1"],
    ),
    "other keys": (
        "values_close({'b': 1}, {'a': tf.ones(1)})",
        ["expected a dict with ['a'], got ['b']"],
    ),
    "list instead of dict": (
        "values_close([1], {'a': tf.ones(1)})",
        ["expected a dict", "of type list"],
    ),
    "an inner part": (
        "values_close([tf.ones(1), tf.ones(1)], [tf.ones(1), tf.zeros(1)])",
        ["the result[1]: expected [0.], got [1.]"],
    ),
    "shape": ("shape_dtype(tf.ones([2]), [3])", ["the shape [3], got [2]"]),
    "rank": ("shape_dtype(tf.ones([2]), [2, None])", ["[2, None], got [2]"]),
    "dtype": (
        "shape_dtype(tf.ones([2]), [2], 'int32')",
        ["expected the type int32, got float32"],
    ),
    "an array, not a tensor": (
        "shape_dtype(np.ones(2), [2])",
        ["expected a tensor of shape [2]", "of type ndarray"],
    ),
    "equal": ("equal(1, True)", ["expected True, got 1 of type int"]),
    "type": ("is_a(1, str)", ["expected a str, got a int"]),
    "no error": ("raises(ValueError, int, '1')", ["ValueError, but it returned 1"]),
    "other error": ("raises(KeyError, int, 'x')", ["KeyError, got ValueError"]),
    "no gradient": (
        "gradient_exists(lambda x: tf.constant(x.numpy()), tf.ones(2))",
        ["expected a gradient for input 0, got None", "detour through NumPy"],
    ),
    "infinite gradient": (
        "gradient_exists(tf.sqrt, tf.zeros([]))",
        ["expected a finite gradient", "inf"],
    ),
    "a gradient": (
        "gradient_missing(lambda x: x, tf.ones(2))",
        ["expected no gradient (None) for input 0, got [1., 1.]"],
    ),
    "other gradient": (
        "gradient_close(lambda x: x * x, tf.constant(3.0), expected=[7.0])",
        ["the gradient of `<lambda>` by input 0", "expected 7., got 6."],
    ),
    "gradient that no difference gives": (
        "@tf.custom_gradient\ndef f(x):\n    return x, lambda up: 2 * up\n"
        "gradient_close(f, tf.constant(3.0))",
        ["compared with finite differences", "expected 1., got 2."],
    ),
    "graph that differs": (
        "same_eager_and_graph(lambda x: x if tf.executing_eagerly() else -x, "
        "tf.constant(2.0))",
        ["in a graph", "expected 2., got -2."],
    ),
    "op missing": (
        "graph_has_op(tf.nn.relu, random_input([4]), op='Exp')",
        ["to contain the op Exp", "Relu (1)"],
    ),
    "op present": (
        "graph_lacks_op(tf.nn.relu, random_input([4]), op='Relu')",
        ["without the op Relu"],
    ),
    "traces": (
        "retraces_at_most(1, lambda x: x, [1], [2], [tf.ones(2)])",
        ["at most 1 trace(s)", "in 3 calls, got 3", "(1); (2); (float32[2])"],
    ),
    "fixed batch": (
        "works_for_unknown_batch(lambda x: tf.reshape(x, [4, 3]) + 0 * x, "
        "random_input([4, 3]))",
        ["InvalidArgumentError"],
    ),
    "batch in Python": (
        "works_for_unknown_batch(lambda x: x / x.shape[0], random_input([4, 3]))",
        ["to be traced for (float32[None, 3])", "got"],
    ),
}


@pytest.mark.parametrize("name", FAILS)
def test_check_fails_and_says_what_was_expected_for(outcome, name):
    body, parts = FAILS[name]
    said = outcome(body)
    assert said is not None
    for part in parts:
        assert part in said


PROGRAM = """
import tensorflow as tf
import numpy
from tensorflow import where as pick
from tensorflow.math import log

short = tf.nn.relu

def f(x):
    y = [v for v in range(3)]
    if x is None:
        return lambda: log(pick(x, y, short(x)))
    return x.numpy()
"""


@pytest.mark.parametrize(
    "name",
    ["tf.where", "tf.nn.relu", "tf.math.log", "np", ".numpy", "for", "if", "lambda"],
)
def test_name_is_found_under_any_alias(outcome, name):
    assert outcome(f"uses(s, {name!r})", PROGRAM) is None
    said = outcome(f"does_not_use(s, {name!r})", PROGRAM)
    assert f"not to use `{name}`, it does in line " in said


@pytest.mark.parametrize("name", ["tf.exp", ".item", "while", "try", "relu", "numpy.x"])
def test_name_that_is_not_used_is_not_found(outcome, name):
    assert outcome(f"does_not_use(s, {name!r})", PROGRAM) is None
    assert f"to use `{name}`, it does not" in outcome(f"uses(s, {name!r})", PROGRAM)


@pytest.mark.parametrize(
    ("arguments", "condition"),
    [
        ("[2, 3]", "x.shape == (2, 3) and x.dtype == tf.float32"),
        ("[1000], low=2, high=3", "2 <= x.numpy().min() < x.numpy().max() <= 3"),
        (
            "[50], 'int64', 0, 4",
            "x.dtype == tf.int64 and set(x.numpy()) == {0, 1, 2, 3}",
        ),
        ("[50], 'bool'", "x.dtype == tf.bool and set(x.numpy()) == {False, True}"),
        ("[]", "x.shape == ()"),
    ],
)
def test_random_input_is_of_the_kind_asked_for(outcome, arguments, condition):
    assert outcome(f"x = random_input({arguments})\nassert {condition}") is None


def test_random_input_follows_the_seed(outcome):
    body = "fail(repr(random_input([3]).numpy()))"
    assert outcome(body, seed=5) == outcome(body, seed=5) != outcome(body, seed=6)


@pytest.mark.parametrize("draw", ["random_input([]).numpy()", "hidden.random()"])
def test_hidden_inputs_follow_every_seed_also_zero(outcome, draw):
    body = f"fail(str({draw}))"
    assert outcome(body, seed=0) == outcome(body, seed=0) != outcome(body, seed=1)
    assert outcome(body, seed=None) != outcome(body, seed=None)


def test_finite_differences_agree_with_tensorflow(outcome):
    body = (
        "x = random_input([2, 2])\n"
        "with tf.GradientTape() as tape:\n"
        "    tape.watch(x)\n"
        "    y = tf.reduce_sum(tf.sin(x) * x)\n"
        "values_close(finite_differences(lambda x: tf.sin(x) * x, x)[0],"
        " tape.gradient(y, x), rtol=1e-4)"
    )
    assert outcome(body) is None


def test_every_name_is_offered_and_no_library_is_imported_for_it():
    tree = ast.parse(Path(library.__file__).read_text("utf-8"))
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert set(library.__all__) == imported
    for file in Path(library.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in getattr(node, "names", [])]
            if isinstance(node, ast.Import):
                assert not {"tensorflow", "numpy", "keras"} & set(names)


def test_check_without_preloaded_library_says_where_to_add_it(tmp_path):
    (tmp_path / "checks.py").write_text(
        "from selfcheck.checks import check, random_input\n"
        "@check('it')\ndef it(s):\n    random_input([2])\n",
        encoding="utf-8",
    )
    sandbox.configure(sandbox.SandboxConfig())
    job = {"kind": "grade", "source": "", "guarded": [], "seed": 1}
    job["checks"] = str(tmp_path / "checks.py")
    told = sandbox.run_job(job, timeout=20, memory=1024)
    message = next(e["message"] for e in told["events"] if "check" in e)
    assert "expected 'tensorflow' in `preload` of selfcheck.toml" in message
