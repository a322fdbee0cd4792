"""Rules about single items: their options, refutations, evidence, and prompts."""

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
_SUMMING_UP = re.compile(
    r"\b(all|none|both|neither|any|some)( of)? (of )?(the|these|those) "
    r"(above|below|others?|options|answers|previous|following)\b"
    r"|^(all|none|both|neither) of (these|those|them)\b",
    re.IGNORECASE,
)
_POSITION = re.compile(
    r"\b(option|answer|choice) [a-e1-5]\b|\b(above|previous|first|last|next) "
    r"(option|answer|choice)s?\b",
    re.IGNORECASE,
)


def refutations_are_sentences(file: PoolFile) -> Iterator[Problem]:
    """Every refutation has 40 characters or more: it names the idea and what holds."""
    for item in file.pool.items:
        for text, loc in _refutations(item):
            size = len(" ".join(text.split()))
            if size < SHORTEST_REFUTATION:
                yield _found(
                    file,
                    refutations_are_sentences,
                    f"`{_dotted(loc)}`: expected a refutation of {SHORTEST_REFUTATION} "
                    f"characters, got {size}; name the idea and say what holds",
                    item,
                    *loc,
                )


def refutations_differ(file: PoolFile) -> Iterator[Problem]:
    """No two wrong answers of an item share a refutation: each refutes its own idea."""
    for item in file.pool.items:
        seen: dict[str, Loc] = {}
        for text, loc in _refutations(item):
            first = seen.setdefault(compare.normal_text(text), loc)
            if first != loc:
                said = f"`{_dotted(loc)}`: expected a refutation of its own, got that"
                said += f" of `{_dotted(first)}`; say what is wrong with this answer"
                yield _found(file, refutations_differ, said, item, *loc)


def options_differ(file: PoolFile) -> Iterator[Problem]:
    """No two options of an item read the same."""
    for item in file.pool.items:
        seen: dict[str, Loc] = {}
        for text, loc in _options(item):
            first = seen.setdefault(compare.normal_text(text), loc)
            if first != loc:
                said = f"`{_dotted(loc)}`: expected an option of its own, got that of "
                said += f"`{_dotted(first)}`; change one of them"
                yield _found(file, options_differ, said, item, *loc)


def options_stand_alone(file: PoolFile) -> Iterator[Problem]:
    """No option speaks of others ("none of the above"): they are shuffled."""
    for item in file.pool.items:
        for text, loc in _options(item):
            match = _SUMMING_UP.search(text) or _POSITION.search(text)
            if match:
                said = f"`{_dotted(loc)}`: expected an option that stands alone, got "
                said += f"'{match[0]}'; options are shuffled, so state the content"
                yield _found(file, options_stand_alone, said, item, *loc)


def enough_options(file: PoolFile) -> Iterator[Problem]:
    """A multiple choice has four options or more: three are guessed too often."""
    for item in file.pool.items:
        if isinstance(item, Multiple) and len(item.keys) + len(item.wrong) < 4:
            said = "expected 4 options at least, got 3; write another wrong one"
            yield _found(file, enough_options, said, item, "wrong")


def keys_are_not_the_longest(file: PoolFile) -> Iterator[Problem]:
    """Length does not give the key away: it is longest about as often as by chance."""
    items = [item for item in file.pool.items if isinstance(item, Choice)]
    longest = [item for item in items if _key_is_longest(item)]
    by_chance = sum(1 / (1 + len(item.wrong)) for item in items)
    allowed = by_chance + 0.1 * len(items)
    if len(items) >= 5 and len(longest) > allowed:
        said = (
            f"the key is the longest option of {len(longest)} choice items of "
            f"{len(items)}; expected {allowed:.0f} at most. Shorten the key or "
            "lengthen a wrong option: " + ", ".join(item.id for item in longest)
        )
        place = file.line(longest[0].id, "key")
        yield Problem(file.path, place, rule_id(keys_are_not_the_longest), said)


def _key_is_longest(item: Choice) -> bool:
    return all(len(item.key.text) > len(option.text) for option in item.wrong)


def claims_have_evidence(file: PoolFile) -> Iterator[Problem]:
    """Choice, multiple, text, and order have evidence: a program with an assert."""
    for item in file.pool.items:
        wanted = isinstance(item, Choice | Multiple | ShortText | Order)
        if wanted and item.evidence is None:
            said = (
                "expected `evidence`, found none; write a program that asserts the key"
            )
            yield _found(file, claims_have_evidence, said, item)
        elif item.evidence is not None and not _asserts(item.evidence):
            said = (
                "`evidence`: expected an assert, found none; assert what the key says"
            )
            yield _found(file, claims_have_evidence, said, item, "evidence")


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
    """Every name of `vary` stands in a text of its item."""
    for item in file.pool.items:
        text = "\n".join(texts_of(item))
        for name in item.vary:
            if f"{{{name}}}" not in text:
                said = f"`vary.{name}`: expected {{{name}}} in a text; use or remove it"
                yield _found(file, variations_are_used, said, item, "vary", name)


def prompts_have_no_headings(file: PoolFile) -> Iterator[Problem]:
    """A prompt has no heading: it would break the outline of the page."""
    for item in file.pool.items:
        inside = False
        for line in item.prompt.splitlines():
            if line.lstrip().startswith(("```", "~~~")):
                inside = not inside
            if not inside and re.match(r" {0,3}#{1,6} ", line):
                said = f"`prompt`: expected text, got the heading '{line.strip()}'"
                said += "; write it as a sentence"
                yield _found(file, prompts_have_no_headings, said, item, "prompt")


def rule_id(rule: Rule) -> str:
    """Return the id of a rule: its name with dashes."""
    return rule.__name__.replace("_", "-")


def _found(
    file: PoolFile, rule: Rule, message: str, item: AnyItem, *loc: int | str
) -> Problem:
    return file.problem(rule_id(rule), message, item.id, *loc)


def _dotted(loc: Loc) -> str:
    return ".".join(map(str, loc))


def _refutations(item: AnyItem) -> Iterator[tuple[str, Loc]]:
    """Yield every refutation of an item and its place; discussions are none."""
    field = {"order": "distractors", "numeric": "traps", "text": "traps"}
    name = field.get(item.type, "wrong")
    for j, part in enumerate(getattr(item, name, [])):
        yield part.why, (name, j, "why")


def _options(item: AnyItem) -> Iterator[tuple[str, Loc]]:
    if isinstance(item, Choice):
        yield item.key.text, ("key", "text")
    for name in ("keys", "lines", "distractors"):
        for j, part in enumerate(getattr(item, name, [])):
            yield (part if isinstance(part, str) else part.text), (name, j)
    if isinstance(item, Choice | Multiple):
        for j, option in enumerate(item.wrong):
            yield option.text, ("wrong", j, "text")
