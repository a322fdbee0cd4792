"""What every chapter has, in which order, and how much of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from tools.cell_rules import assertions, tree
from tools.mdpage import Block, Heading, Page
from tools.rules import Finding, Rule, rule

ANATOMY: list[Rule] = []

CODE = Path(__file__).resolve().parent.parent / "code"
CLOSING = (
    "In practice",
    "What the miniature leaves out|At full scale",
    "Summary",
    "Quiz",
    "Exercises",
    "In the source",
)
WORDS, OPENER_WORDS, SECTION_WORDS = (3500, 6500), (80, 200), (450, 1100)
CELLS, SECTIONS, OBJECTIVES = (20, 40), (4, 7), (5, 8)
SENTENCES, EXERCISES, SOURCES = (5, 10), (4, 6), (3, 8)
#: What stands on a chapter's page and is no part of its lecture.
OUTSIDE_THE_LECTURE = {
    "objectives",
    "exercise",
    "solution",
    "exercise-start",
    "solution-start",
}


def objectives(page: Page) -> dict[str, int]:
    """Return the objectives of a chapter: id to line.

    An objective is an item of the admonition of class `objectives` that refers to the
    section it is met in: {ref}`tape-record` is the objective `record` of `tape`.
    """
    prefix = f"{page.slug}-"
    return {
        target.removeprefix(prefix): block.line
        for block in page.blocks
        if "objectives" in block.inside
        for name, target in block.roles
        if name == "ref" and target.startswith(prefix)
    }


def chapters_headings(page: Page) -> list[Heading]:
    """Return the headings of the second level."""
    return [heading for heading in page.headings if heading.level == 2]


def is_closing(heading: Heading) -> bool:
    """Return whether a heading is one of those that every chapter ends with."""
    return any(re.fullmatch(pattern, heading.text) for pattern in CLOSING)


def words(blocks: list[Block]) -> int:
    """Count the words of some blocks."""
    return sum(block.words for block in blocks)


def sentences(blocks: list[Block]) -> int:
    """Count the sentences of some blocks."""
    text = " ".join(block.text for block in blocks)
    return len(re.findall(r"[.?!](?:\s|$)", text))


def amount(
    line: int, what: str, count: int, limits: tuple[int, int]
) -> Iterator[Finding]:
    """Yield a finding when a count is outside of its limits."""
    low, high = limits
    if not low <= count <= high:
        advice = f"expected {low} to {high}: {'write more' if count < low else 'cut'}"
        yield Finding(line, f"{count} {what}", advice)


@rule(0, ANATOMY)
def is_labeled_by_its_file(page: Page) -> Iterator[Finding]:
    """The title carries the label that the file's name is."""
    titles = [heading for heading in page.headings if heading.level == 1]
    if len(titles) != 1 or titles[0].label != page.slug:
        line = titles[0].line if titles else 1
        advice = f"one title, with ({page.slug})= in the line before it"
        yield Finding(line, "no title with the file's label", advice)


@rule(0, ANATOMY)
def opens_with_a_program(page: Page) -> Iterator[Finding]:
    """Before any heading: a program with its assert, in 80 to 200 words of prose."""
    opener = [b for b in page.blocks if not b.section and "admonition" not in b.inside]
    boxes = [d for d in page.directives if d.options.get("class") == "objectives"]
    end = boxes[0].line if boxes else 10**9
    opener = [block for block in opener if block.line < end]
    cells = [cell for cell in page.cells if not cell.section and cell.line < end]
    if not cells or not any(map(assertions, cells)):
        yield Finding(1, "no asserted program in the opener", "begin with one")
    yield from amount(
        opener[0].line if opener else 1, "words open it", words(opener), OPENER_WORDS
    )


@rule(0, ANATOMY)
def states_its_objectives(page: Page) -> Iterator[Finding]:
    """Five to eight objectives, each with the section that meets it."""
    items = [b for b in page.blocks if "objectives" in b.inside and b.is_item]
    line = items[0].line if items else 1
    yield from amount(line, "objectives", len(items), OBJECTIVES)
    for item in items:
        targets = [target for name, target in item.roles if name == "ref"]
        own = [target for target in targets if target in page.labels]
        if len(own) != 1:
            advice = f"end it with one ({{ref}}`{page.slug}-…`) of this page"
            yield Finding(item.line, "an objective without its section", advice)


@rule(0, ANATOMY)
def says_what_it_needs(page: Page) -> Iterator[Finding]:
    """One line, before the first section, names the chapters that this one needs."""
    opening = [b for b in page.blocks if not b.section and "admonition" not in b.inside]
    if not any(re.search(r"\bneeds\b", block.text) for block in opening):
        yield Finding(1, "no line that says what it needs", "This chapter needs {doc}…")


@rule(2, ANATOMY)
def is_a_lecture(page: Page) -> Iterator[Finding]:
    """3500 to 6500 words of argument, 20 to 40 cells."""
    prose = [b for b in page.blocks if not OUTSIDE_THE_LECTURE & {*b.inside}]
    yield from amount(1, "words", words(prose), WORDS)
    yield from amount(1, "code cells", len(page.cells), CELLS)


@rule(0, ANATOMY)
def has_sections_of_one_question(page: Page) -> Iterator[Finding]:
    """Four to seven labeled sections of 500 to 1000 words, with a tenth of slack."""
    own = [h for h in chapters_headings(page) if not is_closing(h)]
    yield from amount(own[0].line if own else 1, "sections", len(own), SECTIONS)
    for heading in own:
        if not heading.label.startswith(f"{page.slug}-"):
            advice = f"put ({page.slug}-…)= in the line before it"
            yield Finding(heading.line, f"no label on {heading.text!r}", advice)
        count = words(page.section(heading.text))
        what = f"words in {heading.text!r}"
        yield from amount(heading.line, what, count, SECTION_WORDS)


@rule(0, ANATOMY)
def ends_as_every_chapter_does(page: Page) -> Iterator[Finding]:
    """The closing sections are all there, in order, and last."""
    found = [heading.text for heading in chapters_headings(page)][-len(CLOSING) :]
    matches = len(found) == len(CLOSING) and all(map(re.fullmatch, CLOSING, found))
    if not matches:
        line = page.headings[-1].line if page.headings else 1
        yield Finding(line, f"it ends in {found}", f"expected {list(CLOSING)}")


@rule(0, ANATOMY)
def sums_up_in_prose(page: Page) -> Iterator[Finding]:
    """The summary is five to ten sentences, without a cell or a list."""
    blocks = page.section("Summary")
    line = blocks[0].line if blocks else 1
    yield from amount(line, "sentences of summary", sentences(blocks), SENTENCES)
    if any(c.section == "Summary" for c in page.cells) or any(
        block.is_item for block in blocks
    ):
        yield Finding(line, "a cell or list in the summary", "write it as prose")


@rule(0, ANATOMY)
def asks_its_quiz(page: Page) -> Iterator[Finding]:
    """The chapter's own quiz stands under its heading."""
    quizzes = [d.argument for d in page.named("quiz") if d.section == "Quiz"]
    if page.slug not in quizzes:
        found = f"{quizzes or 'no quiz'} under Quiz"
        yield Finding(1, found, f"add the directive quiz with {page.slug}")


@rule(0, ANATOMY)
def solves_its_exercises(page: Page) -> Iterator[Finding]:
    """Four to six labeled exercises, each with a solution that is folded away."""
    asked = page.named("exercise", "exercise-start")
    yield from amount(1, "exercises", len(asked), EXERCISES)
    solutions = {d.argument: d for d in page.named("solution", "solution-start")}
    for exercise in asked:
        label = exercise.options.get("label", "")
        solution = solutions.get(label)
        if solution is None or "dropdown" not in str(solution.options.get("class")):
            advice = "add a solution of class dropdown with the exercise's label"
            yield Finding(exercise.line, f"exercise {label!r} without one", advice)


@rule(0, ANATOMY)
def ends_in_the_source(page: Page) -> Iterator[Finding]:
    """Three to eight citations of source code, then papers."""
    blocks = page.section("In the source")
    roles = [name for block in blocks for name, _ in block.roles]
    count = sum(name in ("tfsrc", "kerassrc") for name in roles)
    line = blocks[0].line if blocks else 1
    yield from amount(line, "citations of source code", count, SOURCES)
    if not any(name.startswith("cite") for name in roles):
        yield Finding(line, "no paper", "cite one with {cite}")


@lru_cache
def package_names() -> dict[str, str]:
    """Return what the packages define at top level: name to file."""
    names = {}
    for path in sorted((CODE / "microtf").glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names[node.name] = path.name
    return names


@rule(0, ANATOMY)
def shows_package_code_by_inclusion(page: Page) -> Iterator[Finding]:
    """What a package defines is included from there, never typed again."""
    for cell in page.cells:
        for node in (tree(cell) or ast.Module([], [])).body:
            is_definition = isinstance(node, ast.FunctionDef | ast.ClassDef)
            if is_definition and node.name in package_names():
                line = cell.line + node.lineno - 1
                found = f"{node.name} is also in {package_names()[node.name]}"
                yield Finding(line, found, "include it, or give it another name")
    for include in page.named("literalinclude"):
        if include.argument.endswith(".py") and "pyobject" not in include.options:
            found = f"a part of {include.argument} by line"
            yield Finding(include.line, found, "name it with :pyobject:")
