"""The pool behind the toy quiz's coding questions, for the real grader."""

from __future__ import annotations

from pathlib import Path

_CONFIG = 'book = "toy-book"\npreload = ["numpy"]\nbuild = "build"\n'
_POOL = """pool: toy
title: A toy
objectives:
  count: {anchor: toy-count, text: Count what a program does.}
quiz:
  draw: {code: 1}
  pass: {at_least: 1, must: [code]}
items:
"""
_ITEM = """  - id: toy-code-%d
    type: code
    objective: count
    level: apply
    prompt: Write `double(x)`, which returns twice its argument.
    timeout: 2
    why: Adding a number to itself doubles it.
"""
_CHECKS = '''from selfcheck.checks import check, values_close


@check("small numbers", section="toy-count")
def small(s):
    """Doubles a few integers."""
    for number in (0, 1, 7):
        values_close(s.double(number), 2 * number, what=f"double({number})")
'''


def write(folder: Path) -> Path:
    """Write the pools' folder with three equal coding questions; return it."""
    pool = folder / "toy"
    pool.mkdir(parents=True)
    (folder / "selfcheck.toml").write_text(_CONFIG)
    (pool / "pool.yaml").write_text(_POOL + "".join(_ITEM % n for n in range(3)))
    for n in range(3):
        item = pool / f"toy-code-{n}"
        (item / "right").mkdir(parents=True)
        (item / "checks.py").write_text(_CHECKS)
        (item / "starter.py").write_text("def double(x):\n    ...\n")
        (item / "example.py").write_text("print(double(21))\n")
        (item / "right" / "reference.py").write_text(
            "def double(x):\n    return x + x\n"
        )
    return folder
