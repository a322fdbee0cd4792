"""A small pool with every type of item, whose programs need no TensorFlow."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.selfcheck import half_term
from tests.selfcheck.sphinx_book import Book

from selfcheck import bundle, config, load
from selfcheck.runs import Outcome

POOL = """\
pool: toy
title: A toy
objectives:
  add: {anchor: toy-add, text: "Add two numbers, as in {ref}`toy-add`."}
  name: {anchor: toy-name, text: "Name a thing."}
quiz:
  draw: {choice: 1, multiple: 1, output: 1, short: 1, code: 1}
  pass: {at_least: 4, must: [code]}
items:
  - id: toy-sum
    type: choice
    objective: add
    level: understand
    prompt: |
      What is $1 + 1$? See {ref}`the section <toy-add>`.

      ```python
      total = 1 + 1
      ```
    key: {text: "`2`", why: "Counting on by one from one gives two, which is the sum."}
    wrong:
      - text: "`11`"
        misconception: plus-joins
        why: "You joined the digits as texts; numbers are added by value instead."
      - text: "`1`"
        misconception: plus-is-max
        why: "You took the larger one; a sum of positive numbers exceeds both."
    evidence: assert 1 + 1 == 2
  - id: toy-types
    type: multiple
    objective: name
    level: recall
    prompt: Which of these are numbers in Python?
    keys:
      - {text: "`1.5`", why: "A float is a number, whatever stands behind its point."}
      - {text: "`2j`", why: "A complex literal is a number with an imaginary part."}
    wrong:
      - text: "`'3'`"
        misconception: digits-are-numbers
        why: "The quotes make it a text; a digit inside a text has no numeric value."
      - text: "`None`"
        misconception: none-is-zero
        why: "None is the lack of a value; adding it to a number raises an exception."
    evidence: assert isinstance(1.5, float) and isinstance(2j, complex)
  - id: toy-loop
    type: output
    objective: add
    level: apply
    prompt: What does the loop print?
    vary: {n: [2, 3]}
    code: |
      total = 0
      for i in range({n}):
          total += i
      print("total", total)
    wrong:
      - patch: ["range({n})", "range({n} + 1)"]
        misconception: range-includes-end
        why: "You let the loop reach its bound; `range` stops before its end."
      - answer: "total 99"
        misconception: wild-guess
        why: "Nothing in this program can make so large a sum of few small terms."
    why: A range stops before its end, so the last term is one less than the bound.
  - id: toy-product
    type: numeric
    objective: add
    level: apply
    prompt: What is {a} times seven?
    vary: {a: [3, 5]}
    setup: seven = 7
    answer: "{a} * seven"
    tolerance: {abs: 0.01}
    traps:
      - expr: "{a} + seven"
        misconception: times-adds
        why: "You added both numbers; the word times asks for repeated addition."
    why: Multiplication adds the number to itself as often as the other one says.
  - id: toy-word
    type: text
    objective: name
    level: recall
    prompt: Which keyword defines a function?
    accept: [def]
    traps:
      - accept: [function, func]
        misconception: other-language
        why: "Other languages spell it out; Python has a three-letter keyword for this."
    evidence: "exec('def f(): pass')"
    why: The statement begins with `def`, then comes the name of the function.
  - id: toy-order
    type: order
    objective: add
    level: analyze
    prompt: Put the steps of the sum in order.
    lines: ["start at zero", "take the next number", "add it to the total"]
    distractors:
      - text: "forget the total"
        why: "A sum that is forgotten cannot grow; the total has to be kept."
    evidence: assert sum([1, 2]) == 3
    why: The total starts somewhere, and each number is taken before it is added.
  - id: toy-double
    type: code
    objective: add
    level: apply
    prompt: Write `double(x)`.
    why: The reference multiplies; adding the argument to itself is as good here.
"""


@pytest.fixture
def pools(tmp_path: Path) -> Path:
    """Return a folder of pools with the toy pool in it."""
    folder = tmp_path / "quizzes"
    item = folder / "toy" / "toy-double"
    (item / "right").mkdir(parents=True)
    (item / "wrong").mkdir()
    (folder / "toy" / "pool.yaml").write_text(POOL, encoding="utf-8")
    (item / "starter.py").write_text("def double(x):\n    ...\n")
    (item / "example.py").write_text("print(double(2))\n")
    (item / "right" / "reference.py").write_text("def double(x):\n    return 2 * x\n")
    (folder / "selfcheck.toml").write_text('book = "toy-book"\nbuild = "../build"\n')
    return folder


@pytest.fixture
def exams(pools: Path) -> Path:
    """Return the folder of pools with a second pool and an exam over both."""
    half_term.write(pools)
    return pools


@pytest.fixture
def edit(pools: Path) -> Callable[[str, str], Path]:
    """Return a function that replaces a text in the toy pool, which must be there."""

    def replace(old: str, new: str) -> Path:
        path = pools / "toy" / "pool.yaml"
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path

    return replace


@pytest.fixture
def book(pools: Path) -> config.Config:
    """Return the configuration of the toy pool's folder."""
    return config.read(pools)


@pytest.fixture
def toy(pools: Path, book: config.Config) -> load.PoolFile:
    """Return the loaded toy pool."""
    return load.load(pools / "toy" / "pool.yaml", book)


@pytest.fixture
def here():
    """Return a runner that executes programs in this process: fast, not isolated."""

    def run(program) -> Outcome:
        import contextlib
        import io

        printed = io.StringIO()
        scope: dict = {}
        try:
            with contextlib.redirect_stdout(printed):
                exec(program.source, scope)
                if program.expression is not None:
                    return Outcome(eval(program.expression, scope))
        except Exception as error:
            return Outcome(None, f"{type(error).__name__}: {error}")
        return Outcome(printed.getvalue())

    return run


@pytest.fixture
def site(tmp_path: Path, pools: Path, monkeypatch: pytest.MonkeyPatch) -> Book:
    """Return a book of two pages over the toy pool, not built yet."""
    dist = tmp_path / "dist"
    dist.mkdir()
    for name in bundle.PRODUCTS:
        (dist / name).write_text("/* built */")
    monkeypatch.setattr(bundle, "DIST", dist)
    return Book(tmp_path)


@pytest.fixture
def term(site: Book, exams: Path) -> Book:
    """Return a book with two quizzes, an exam over both, and a progress page."""
    half_term.write_pages(site)
    return site
