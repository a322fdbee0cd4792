"""Rules about single items: their refutations, evidence, variations, and prompts."""

import ast
import re
from collections.abc import Callable, Iterator

from selfcheck import compare
from selfcheck.load import PoolFile
from selfcheck.model import AnyItem, Choice, Multiple, Order, ShortText
from selfcheck.problems import Problem
from selfcheck.programs import texts_of

Rule = Callable[[PoolFile], Iterator[Problem]]
Loc = tuple[int | str, ...]

SHORTEST_REFUTATION = 40


def refutations_are_sentences(file: PoolFile) -> Iterator[Problem]:
    """Every refutation has 40 characters or more.

    Name the idea behind the wrong answer, and say what holds instead.
    """
    for item in file.pool.items:
        for text, loc in refutations(item):
            size = len(" ".join(text.split()))
            if size < SHORTEST_REFUTATION:
                said = f"`{dotted(loc)}`: expected a refutation of "
                said += f"{SHORTEST_REFUTATION} characters, got {size}; name the idea "
                said += "and say what holds"
                yield found(file, refutations_are_sentences, said, item, *loc)


def refutations_differ(file: PoolFile) -> Iterator[Problem]:
    """No two wrong answers of an item share a refutation.

    Say what is wrong with this very answer; another idea needs another reason.
    """
    for item in file.pool.items:
        seen: dict[str, Loc] = {}
        for text, loc in refutations(item):
            first = seen.setdefault(compare.normal_text(text), loc)
            if first != loc:
                said = f"`{dotted(loc)}`: expected a refutation of its own, got that"
                said += f" of `{dotted(first)}`; say what is wrong with this answer"
                yield found(file, refutations_differ, said, item, *loc)


def claims_have_evidence(file: PoolFile) -> Iterator[Problem]:
    """Choice, multiple, text, and order items have evidence that can fail.

    Write a program under `evidence` that asserts what the key says.
    """
    for item in file.pool.items:
        wanted = isinstance(item, Choice | Multiple | ShortText | Order)
        if wanted and item.evidence is None:
            said = (
                "expected `evidence`, found none; write a program that asserts the key"
            )
            yield found(file, claims_have_evidence, said, item)
        elif item.evidence is not None and not _asserts(item.evidence):
            said = (
                "`evidence`: expected an assert, found none; assert what the key says"
            )
            yield found(file, claims_have_evidence, said, item, "evidence")


def _asserts(source: str) -> bool:
    """Say whether a program can fail by its own judgment; broken code fails anyway."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return True
    names = [
        node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute | ast.Name)
    ]
    stops = any(isinstance(n, ast.Assert | ast.Raise) for n in ast.walk(tree))
    return stops or any(n.startswith(("assert", "exec")) for n in names)


def variations_are_used(file: PoolFile) -> Iterator[Problem]:
    """Every name of `vary` stands in a text of its item.

    Write the name in braces where its values belong, or remove it.
    """
    for item in file.pool.items:
        text = "\n".join(texts_of(item))
        for name in item.vary:
            if f"{{{name}}}" not in text:
                said = f"`vary.{name}`: expected {{{name}}} in a text; use or remove it"
                yield found(file, variations_are_used, said, item, "vary", name)


def prompts_have_no_headings(file: PoolFile) -> Iterator[Problem]:
    """A prompt has no heading, which would break the outline of the page.

    Write it as a sentence.
    """
    for item in file.pool.items:
        inside = False
        for line in item.prompt.splitlines():
            if line.lstrip().startswith(("```", "~~~")):
                inside = not inside
            if not inside and re.match(r" {0,3}#{1,6} ", line):
                said = f"`prompt`: expected text, got the heading '{line.strip()}'"
                said += "; write it as a sentence"
                yield found(file, prompts_have_no_headings, said, item, "prompt")


def rule_id(rule: Rule) -> str:
    """Return the id of a rule: its name with dashes."""
    return rule.__name__.replace("_", "-")


def found(
    file: PoolFile, rule: Rule, message: str, item: AnyItem, *loc: int | str
) -> Problem:
    """Return the finding of a rule at a place in an item."""
    return file.problem(rule_id(rule), message, item.id, *loc)


def dotted(loc: Loc) -> str:
    """Return a place as messages name it: `wrong.0.why`."""
    return ".".join(map(str, loc))


def refutations(item: AnyItem) -> Iterator[tuple[str, Loc]]:
    """Yield every refutation of an item and its place; discussions are none."""
    field = {"order": "distractors", "numeric": "traps", "text": "traps"}
    name = field.get(item.type, "wrong")
    for j, part in enumerate(getattr(item, name, [])):
        yield part.why, (name, j, "why")
