"""The rules of STYLE.md that a program can check in code cells."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tools.mdpage import Cell, Page
from tools.rules import Finding, Rule, rule

CELL_RULES: list[Rule] = []

LONGEST, USUAL = 25, 15
#: Of ten cells, one may be longer than the usual length.
LONG_SHARE = 0.1
#: Calls that assert: NumPy's, and helpers that fail when no error is raised.
ASSERTING = re.compile(r"(?:^|\.)(?:assert_\w+|expect_error|expect_\w+)$")
PRIVATE = re.compile(r"^(?:tensorflow\.python|tensorflow\.core|keras\.src)\b")
NETWORK = re.compile(r"\b(?:requests|urllib|get_file|tfds\.load|hub\.load)\b")


def code_lines(cell: Cell) -> int:
    """Return the lines of a cell that hold something."""
    return sum(1 for line in cell.source.splitlines() if line.strip())


def tree(cell: Cell) -> ast.Module | None:
    """Parse a cell; None where it is no Python, which is another rule's finding."""
    try:
        return ast.parse(cell.source)
    except SyntaxError:
        return None


def assertions(cell: Cell) -> int:
    """Count the assert statements of a cell and the calls that assert."""
    nodes = list(ast.walk(tree(cell) or ast.Module([], [])))
    calls = [ast.unparse(n.func) for n in nodes if isinstance(n, ast.Call)]
    stated = sum(isinstance(node, ast.Assert) for node in nodes)
    return stated + sum(bool(ASSERTING.search(name)) for name in calls)


@rule(23, CELL_RULES)
def keeps_cells_short(page: Page) -> Iterator[Finding]:
    """No cell over 25 lines, and nine of ten no longer than 15."""
    for cell in page.cells:
        if code_lines(cell) > LONGEST:
            found = f"a cell of {code_lines(cell)} lines"
            yield Finding(cell.line, found, f"at most {LONGEST}: split it")
    long = [c for c in page.cells if USUAL < code_lines(c) <= LONGEST and not c.hidden]
    if len(long) > max(1, LONG_SHARE * len(page.cells)):
        found = f"{len(long)} of {len(page.cells)} cells are over {USUAL} lines"
        yield Finding(long[0].line, found, "split them until one in ten is left")


@rule(25, CELL_RULES)
def prints_nothing_to_judge_by_eye(page: Page) -> Iterator[Finding]:
    """A cell that prints also asserts; what counts is its value, not its print."""
    for cell in page.cells:
        for node in (tree(cell) or ast.Module([], [])).body:
            call = node.value if isinstance(node, ast.Expr) else None
            is_print = isinstance(call, ast.Call) and ast.unparse(call.func) == "print"
            if is_print and not assertions(cell):
                line = cell.line + node.lineno - 1
                advice = "assert it, and make the value the last expression"
                yield Finding(line, "a bare print", advice)


@rule(26, CELL_RULES)
def asserts_what_it_says(page: Page) -> Iterator[Finding]:
    """At least one assert per three cells."""
    count = sum(map(assertions, page.cells))
    if page.cells and 3 * count < len(page.cells):
        found = f"{count} asserts in {len(page.cells)} cells"
        yield Finding(page.cells[0].line, found, "assert what the prose says")


@rule(29, CELL_RULES)
def stays_off_the_network(page: Page) -> Iterator[Finding]:
    """No cell of the default path downloads anything."""
    for cell in page.cells:
        for hit in NETWORK.finditer(cell.source):
            line = cell.line + cell.source.count("\n", 0, hit.start())
            yield Finding(line, f"{hit.group()!r}", "use insidetf.data")


@rule(30, CELL_RULES)
def is_plain_python(page: Page) -> Iterator[Finding]:
    """No magic, no shell, no pip: a cell is Python and nothing else."""
    for cell in page.cells:
        for shift, text in enumerate(cell.source.splitlines()):
            if re.match(r"\s*(?:[%!]|pip install)", text):
                advice = "cells hold Python; set-up belongs to requirements.txt"
                yield Finding(cell.line + shift, repr(text.strip()), advice)
        if tree(cell) is None and "%" not in cell.source and "!" not in cell.source:
            yield Finding(cell.line, "a cell that is no Python", "correct it")


@rule(30, CELL_RULES)
def gives_a_reason_for_silence(page: Page) -> Iterator[Finding]:
    """A warning is silenced with the reason beside it."""
    for cell in page.cells:
        lines = cell.source.splitlines()
        for shift, text in enumerate(lines):
            silences = re.search(r"\b(?:simplefilter|filterwarnings)\b", text)
            before = lines[shift - 1] if shift else ""
            if silences and "#" not in text and not before.strip().startswith("#"):
                found = "a warning silenced without a reason"
                yield Finding(cell.line + shift, found, "say why in a comment")


@rule(5, CELL_RULES)
def reaches_private_parts_through_the_lens(page: Page) -> Iterator[Finding]:
    """Only `insidetf.lens` imports TensorFlow's or Keras's private modules."""
    for cell in page.cells:
        for node in ast.walk(tree(cell) or ast.Module([], [])):
            names = []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            for name in filter(PRIVATE.match, names):
                line = cell.line + node.lineno - 1
                advice = "give insidetf.lens a function for it"
                yield Finding(line, f"an import of {name}", advice)
