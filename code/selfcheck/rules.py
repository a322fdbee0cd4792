"""What a pool should be beyond being valid: one function per rule.

The name of a function, with dashes, is the rule's id; its docstring says what the
rule wants, and `selfcheck lint --rules` prints it. Rules yield findings and run
nothing; what is executed is in `keys`, `lock`, and `coding`.
"""

import re
from collections.abc import Iterator, Sequence

from selfcheck import guessing, wording
from selfcheck.load import PoolFile
from selfcheck.model import stratum
from selfcheck.problems import Problem
from selfcheck.wording import Rule, rule_id

POOL_FACTOR = 3


def pool_is_large_enough(file: PoolFile) -> Iterator[Problem]:
    """Each stratum holds three times what is drawn, and enough families of its own."""
    items = file.pool.items
    for name, drawn in file.pool.quiz.draw.items():
        found = [item for item in items if stratum(item) == name]
        others = {item.kin for item in items if stratum(item) != name}
        own = {item.kin for item in found} - others
        loc = ("quiz", "draw", name)
        if len(found) < POOL_FACTOR * drawn:
            said = f"expected {POOL_FACTOR * drawn} items in stratum '{name}' (three "
            said += f"times the {drawn} drawn), got {len(found)}; write more"
            line = file.line(None, *loc)
            yield Problem(file.path, line, rule_id(pool_is_large_enough), said)
        elif len(own) < drawn:
            said = f"expected {drawn} families that are in stratum '{name}' alone, got "
            said += f"{len(own)}; a draw could fail"
            line = file.line(None, *loc)
            yield Problem(file.path, line, rule_id(pool_is_large_enough), said)


def objectives_are_tested(file: PoolFile) -> Iterator[Problem]:
    """Each objective has two items or more, of two types or more."""
    for name in file.pool.objectives:
        items = [item for item in file.pool.items if item.objective == name]
        kinds = {item.type for item in items}
        if len(items) < 2 or len(kinds) < 2:
            said = f"objective `{name}`: expected 2 items of 2 types at least, got "
            said += f"{len(items)} of {len(kinds)}; write another"
            line = file.line(None, "objectives", name)
            yield Problem(file.path, line, rule_id(objectives_are_tested), said)


def pass_is_possible(file: PoolFile) -> Iterator[Problem]:
    """The points of a quiz suffice to pass, and strata that must be right are drawn."""
    quiz = file.pool.quiz
    total = sum(quiz.draw.values())
    line = file.line(None, "quiz", "pass")
    if quiz.pass_.at_least > total:
        said = f"expected at most {total} points to pass, as many items are drawn; got "
        said += f"{quiz.pass_.at_least:g}"
        yield Problem(file.path, line, rule_id(pass_is_possible), said)
    for name in quiz.pass_.must:
        if not quiz.draw.get(name):
            said = f"'{name}' must be right, but no such item is drawn; draw one"
            yield Problem(file.path, line, rule_id(pass_is_possible), said)


def guessing_does_not_pass(file: PoolFile) -> Iterator[Problem]:
    """Guessing passes an attempt with a probability of 1/1000 at most."""
    found = guessing.pass_by_guessing(file.pool.quiz, file.pool.items)
    if found > guessing.BOUND:
        said = f"guessing passes with probability {float(found):.1e}; expected "
        said += f"{float(guessing.BOUND):.0e} at most. Draw more items, ask for more "
        said += "points, or make a stratum necessary with `pass.must`"
        line = file.line(None, "quiz")
        yield Problem(file.path, line, rule_id(guessing_does_not_pass), said)


def anchors_exist(file: PoolFile) -> Iterator[Problem]:
    """The anchor of each objective is a label of a MyST page around the pools."""
    pages = list(file.folder.parents[1].rglob("*.md"))
    labels = {
        label
        for page in pages
        for label in re.findall(r"(?m)^\(([^)\s]+)\)=", page.read_text("utf-8"))
    }
    for name, aim in file.pool.objectives.items() if pages else ():
        if aim.anchor not in labels:
            said = f"objective `{name}`: expected a section with the label "
            said += f"({aim.anchor})=, found none; write it above the heading"
            line = file.line(None, "objectives", name, "anchor")
            yield Problem(file.path, line, rule_id(anchors_exist), said)


RULES: Sequence[Rule] = (
    wording.refutations_are_sentences,
    wording.refutations_differ,
    wording.options_differ,
    wording.options_stand_alone,
    wording.enough_options,
    wording.keys_are_not_the_longest,
    wording.claims_have_evidence,
    wording.variations_are_used,
    wording.prompts_have_no_headings,
    pool_is_large_enough,
    objectives_are_tested,
    pass_is_possible,
    guessing_does_not_pass,
    anchors_exist,
)
