"""A page that keeps every rule, and what each rule says when one thing is changed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tools.anatomy import objectives
from tools.chapters import ROOT
from tools.mdpage import CODE, Page
from tools.mdread import parse_page
from tools.style import ALL_RULES, PAGE_RULES, main

SENTENCE = "The tape holds one record for each op that it has seen so far today. "
CELL = """```{code-cell} ipython3
record = 2 + 2
assert record == 4
record
```
"""


def lecture() -> str:
    """Write a chapter that keeps every rule."""
    parts = ["(demo)=\n# The demo tape\n", SENTENCE * 8, CELL]
    items = [f"- say what part {n} does ({{ref}}`demo-{n}`);" for n in range(5)]
    box = [":::{admonition} After this chapter you can", ":class: objectives", *items]
    parts += ["\n".join([*box, ":::\n"]), "This chapter needs no other.\n"]
    for number in range(5):
        parts.append(f"(demo-{number})=\n## Part {number} of the demo\n")
        parts += [SENTENCE * 50 + "\n", CELL * 4]
    parts += ["## In practice\n", SENTENCE * 5]
    parts += ["\n## What the miniature leaves out\n", SENTENCE * 3]
    parts += ["\n## Summary\n", SENTENCE * 6, "\n## Quiz\n", "```{quiz} demo\n```\n"]
    parts.append("## Exercises\n")
    for number in range(4):
        parts.append(f"```{{exercise}} Find it\n:label: ex-{number}\n\n{SENTENCE}\n```")
        parts.append(f"```{{solution}} ex-{number}\n:class: dropdown\n\nThere.\n```\n")
    cite = "{tfsrc}`tensorflow/python/eager/backprop.py#GradientTape`"
    parts += ["## In the source\n", f"- {cite}: the class;\n" * 3]
    return "\n".join([*parts, "The paper is {cite}`abadi2016tensorflow`.\n"])


@pytest.fixture
def read(tmp_path: Path):
    """Parse a text as the chapter `demo` of a book whose glossary has one term."""
    (tmp_path / "glossary.md").write_text("```{glossary}\ntape\n  A list.\n```\n")

    def parse(text: str) -> Page:
        return parse_page(tmp_path / "demo.md", text)

    return parse


def broken(page: Page) -> dict[str, list[int]]:
    """Return the lines at which each rule finds something; no entry for the others."""
    found = {rule.name: [f.line for f in rule.findings(page)] for rule in ALL_RULES}
    return {name: lines for name, lines in found.items() if lines}


def test_a_chapter_that_keeps_every_rule_is_left_alone(read) -> None:
    assert broken(read(lecture())) == {}


def add(text: str) -> tuple[str, int]:
    """Put a paragraph into the demo's second section; return it and its line."""
    mark = "(demo-1)="
    before, after = lecture().split(mark)
    line = before.count("\n") + 4
    head, heading, rest = after.split("\n", 2)
    return f"{before}{mark}{head}\n{heading}\n\n{text}\n{rest}", line


PROSE = [
    ("never_says_i", "Here I show a tape."),
    ("neither_praises_nor_comforts", "The tape is an elegant\nlist."),
    ("neither_praises_nor_comforts", "It is, of\ncourse, a list."),
    ("clears_no_throat", "Note that the tape is a list."),
    ("clears_no_throat", "In this section we open the tape."),
    ("has_no_flourish", "A tape is not only a list, but a log."),
    ("has_no_flourish", "It's not a list, it's a log."),
    ("has_no_flourish", "The tape is a list!"),
    ("has_no_flourish", "The tape is a list \U0001f680."),
    ("sets_only_defined_terms_in_bold", "It is **important** to read."),
    ("refers_by_label", "The cell above shows it."),
    ("refers_by_label", "We saw it in the previous chapter."),
    ("puts_prose_under_each_heading", "Ops.\n\n### One\n\n### Two\n\nOps."),
    ("writes_headings_in_sentence_case", "Ops.\n\n### What The Tape Records\n\nOps."),
    ("spells_american", "The behaviour is the same."),
    ("spells_american", "We optimise it."),
    ("says_what_each_picture_shows", "```{figure} tape.png\n\nA tape.\n```"),
]
FIGURE = """```{code-cell} ipython3
---
mystnb:
  figure: {caption: A tape.}
---
assert True
```"""


@pytest.mark.parametrize(("rule", "text"), PROSE)
def test_a_rule_of_prose_names_its_line(read, rule: str, text: str) -> None:
    source, line = add(text)
    found = broken(read(source))
    assert list(found) == [rule]
    assert line <= found[rule][0] <= line + text.count("\n")


def code(source: str) -> str:
    """Return a cell with this code."""
    return f"```{{code-cell}} ipython3\n{source}\n```"


CELLS = [
    ("keeps_cells_short", code("assert True\n" + "x = 1\n" * 25), 1),
    ("keeps_cells_short", "\n".join([code("assert 1\n" + "x = 1\n" * 16)] * 4), 1),
    ("prints_nothing_to_judge_by_eye", code("value = 1\nprint(value)"), 2),
    ("asserts_what_it_says", "\n\n".join([code("x = 1")] * 99), None),
    ("stays_off_the_network", code("import urllib"), 1),
    ("is_plain_python", code("!pip install keras"), 1),
    ("is_plain_python", code("%timeit 1"), 1),
    ("is_plain_python", code("x = = 1"), 1),
    ("gives_a_reason_for_silence", code("warnings.simplefilter('ignore')"), 1),
    (
        "reaches_private_parts_through_the_lens",
        code("from tensorflow.python.eager import record"),
        1,
    ),
    ("says_what_each_picture_shows", FIGURE, 5),
    ("shows_package_code_by_inclusion", code("class Tape:\n    pass"), 1),
    (
        "shows_package_code_by_inclusion",
        "```{literalinclude} ../code/microtf/tape.py\n:lines: 1-9\n```",
        0,
    ),
]


@pytest.mark.parametrize(("rule", "text", "shift"), CELLS)
def test_a_rule_of_cells_names_its_line(
    read, rule: str, text: str, shift: int | None
) -> None:
    source, line = add(text)
    found = broken(read(source))
    found.pop("is_a_lecture", None)
    assert list(found) == [rule]
    if shift is not None:
        assert found[rule] == [line + shift]


CHANGES = [
    ("is_labeled_by_its_file", "(demo)=", "(other)="),
    ("opens_with_a_program", SENTENCE * 8, SENTENCE),
    ("states_its_objectives", "({ref}`demo-3`)", ""),
    ("states_its_objectives", "({ref}`demo-3`)", "({ref}`demo-9`)"),
    ("says_what_it_needs", "needs no other", "stands alone"),
    ("has_sections_of_one_question", "(demo-2)=", ""),
    ("ends_as_every_chapter_does", "## In practice", "## At work"),
    ("sums_up_in_prose", SENTENCE * 6, SENTENCE * 3),
    ("sums_up_in_prose", "## Quiz", f"{CELL}\n## Quiz"),
    ("asks_its_quiz", "```{quiz} demo", "```{quiz} other"),
    ("solves_its_exercises", "```{solution} ex-2", "```{solution} ex-1"),
    ("solves_its_exercises", ":class: dropdown", ":class: open"),
    ("ends_in_the_source", "The paper is {cite}`abadi2016tensorflow`.", ""),
    ("is_a_lecture", CELL * 4, CELL * 2),
    ("is_a_lecture", SENTENCE * 50, SENTENCE * 35),
]


@pytest.mark.parametrize(("rule", "old", "new"), CHANGES)
def test_a_rule_of_anatomy_sees_the_change(read, rule: str, old: str, new: str) -> None:
    assert old in lecture()
    assert rule in broken(read(lecture().replace(old, new)))


def test_lists_beyond_a_twentieth_are_found(read) -> None:
    source, line = add(f"- {SENTENCE}\n" * 40)
    assert broken(read(source))["argues_outside_of_lists"] == [line]


def test_every_rule_is_provoked_by_a_test_here() -> None:
    provoked = {case[0] for case in PROSE + CELLS + CHANGES} | {
        "argues_outside_of_lists"
    }
    assert {rule.name for rule in ALL_RULES} == provoked


def test_code_math_and_roles_are_no_prose(read) -> None:
    page = read("# Demo\n\nUse `simply` and $easily$ as {doc}`obvious` says.\n")
    assert page.blocks[0].text == f"Use {CODE} and {CODE} as {CODE} says."
    assert broken(page).keys().isdisjoint(rule.name for rule in PAGE_RULES)


def test_lines_are_those_of_the_file_inside_directives(read) -> None:
    text = (
        "# Demo\n\n::::{note}\n:class: tip\n\n:::{tip}\nIt is simply so.\n:::\n::::\n"
    )
    assert broken(read(text))["neither_praises_nor_comforts"] == [7]


def test_objectives_are_read_with_their_lines(read) -> None:
    found = objectives(read(lecture()))
    assert list(found) == ["0", "1", "2", "3", "4"]
    source = lecture().splitlines()
    assert all(f"demo-{key}" in source[line - 1] for key, line in found.items())


def test_every_marked_rule_of_the_style_guide_has_a_check() -> None:
    style = (ROOT / "STYLE.md").read_text(encoding="utf-8")
    marked = re.findall(r"(?ms)^ ?(\d+)\. (?:(?!^ ?\d+\. |^#).)*?†", style)
    assert len(marked) > 10
    assert {int(number) for number in marked} == {
        rule.number for rule in ALL_RULES if rule.number
    }


def test_the_command_names_file_line_and_rule(tmp_path: Path, capsys) -> None:
    (tmp_path / "glossary.md").write_text("# Glossary\n\nTerms.\n")
    bad = tmp_path / "bad.md"
    bad.write_text("# Bad\n\nThis is simply wrong.\n")
    assert main([str(bad)]) == 1
    said = capsys.readouterr().out
    assert f"{bad}:3: 'simply'" in said
    assert "[neither_praises_nor_comforts]" in said
    bad.write_text("# Good\n\nThis is right.\n")
    assert main([str(bad)]) == 0
