"""What a pool should be beyond being valid: one function per rule.

The name of a function, with dashes, is the rule's id; the first paragraph of its
docstring says what the rule wants, the second one how to mend what breaks it, and
`selfcheck lint --rules` prints both. Rules yield findings and run nothing; what is
executed is in `keys`, `lock`, and `coding`.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from selfcheck import choices, guessing, wording
from selfcheck.exam import ExamFile
from selfcheck.load import PoolFile
from selfcheck.model import AnyItem, stratum
from selfcheck.problems import Problem
from selfcheck.wording import Rule, rule_id

AnyFile = PoolFile | ExamFile

POOL_FACTOR = 3


def pool_is_large_enough(file: AnyFile) -> Iterator[Problem]:
    """Each stratum holds three times what is drawn, in families enough for a round.

    Write more items, or draw less; variants of an item are no items of their own.
    """
    for name, drawn in file.quiz.draw.items():
        found = [item for item in file.items if stratum(item) == name]
        line = file.line(None, "quiz", "draw", name)
        said = _too_few(name, drawn, found) or _too_alike(file, name, drawn, found)
        if said:
            yield Problem(file.path, line, rule_id(pool_is_large_enough), said)


def _too_few(name: str, drawn: int, found: Sequence[AnyItem]) -> str:
    if len(found) >= POOL_FACTOR * drawn:
        return ""
    return (
        f"expected {POOL_FACTOR * drawn} items in stratum '{name}' (three times the "
        f"{drawn} drawn), got {len(found)}; write more"
    )


def _too_alike(file: AnyFile, name: str, drawn: int, found: Sequence[AnyItem]) -> str:
    """Say so when a round cannot be drawn without asking a family twice."""
    others = {item.kin for item in file.items if stratum(item) != name}
    own = {item.kin for item in found} - others
    wanted = file.quiz.attempts * drawn
    if len(own) >= wanted:
        return ""
    return (
        f"expected {wanted} families that are in stratum '{name}' alone ({drawn} drawn "
        f"in each of {file.quiz.attempts} attempts), got {len(own)}; give items a "
        "family of their own, or write more"
    )


def objectives_are_tested(file: PoolFile) -> Iterator[Problem]:
    """Each objective has two items or more, of two types or more.

    Ask for the ability in another way: predict an output, write a program.
    """
    for name in file.pool.objectives:
        items = [item for item in file.pool.items if item.objective == name]
        kinds = {item.type for item in items}
        if len(items) < 2 or len(kinds) < 2:
            said = f"objective `{name}`: expected 2 items of 2 types at least, got "
            said += f"{len(items)} of {len(kinds)}; write another"
            line = file.line(None, "objectives", name)
            yield Problem(file.path, line, rule_id(objectives_are_tested), said)


def pass_is_possible(file: AnyFile) -> Iterator[Problem]:
    """The points of a quiz suffice to pass, and strata that must be right are drawn.

    Draw more items, or ask for less in `quiz.pass`.
    """
    quiz = file.quiz
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


def guessing_does_not_pass(file: AnyFile) -> Iterator[Problem]:
    """Guessing passes an attempt with a probability of 1/1000 at most.

    Draw more, ask for more points, or make a stratum necessary with `pass.must`.
    """
    found = guessing.pass_by_guessing(file.quiz, file.items)
    if found > guessing.BOUND:
        said = f"guessing passes with probability {float(found):.1e}; expected "
        said += f"{float(guessing.BOUND):.0e} at most. Draw more items, ask for more "
        said += "points, or make a stratum necessary with `pass.must`"
        line = file.line(None, "quiz")
        yield Problem(file.path, line, rule_id(guessing_does_not_pass), said)


def anchors_exist(file: PoolFile) -> Iterator[Problem]:
    """The anchor of each objective is a label of a MyST page around the pools.

    Write `(label)=` above the heading of the section that teaches it.
    """
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
    choices.options_differ,
    choices.options_stand_alone,
    choices.enough_options,
    choices.keys_are_not_the_longest,
    wording.claims_have_evidence,
    wording.variations_are_used,
    wording.prompts_have_no_headings,
    pool_is_large_enough,
    objectives_are_tested,
    pass_is_possible,
    guessing_does_not_pass,
    anchors_exist,
)
EXAM_RULES: Sequence[Callable[[AnyFile], Iterator[Problem]]] = (
    pool_is_large_enough,
    pass_is_possible,
    guessing_does_not_pass,
)
