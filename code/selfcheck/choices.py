"""Rules about options: they are shuffled, must differ, and must not give the key away.

The lines of an order item count as options, too.
"""

import re
from collections.abc import Iterator

from selfcheck import compare
from selfcheck.load import PoolFile
from selfcheck.model import AnyItem, Choice, Multiple, Order
from selfcheck.problems import Problem
from selfcheck.wording import Loc, dotted, found, refutations, rule_id

FEWEST_OF_MULTIPLE = 4
FEWEST_TO_COUNT = 5  # choice items, below which lengths say nothing
_SUMMING_UP = re.compile(
    r"\b(all|none|both|neither|any|some)( of)? (of )?(the|these|those) "
    r"(above|below|others?|options|answers|previous|following)\b"
    r"|^(all|none|both|neither) of (these|those|them)\b",
    re.IGNORECASE,
)
_COUNTED = "first|second|third|fourth|last|next|previous|preceding|following"
_POSITION = re.compile(
    r"\b(option|answer|choice) [a-e1-5]\b"
    rf"|\b(above|below|upper|lower|other|{_COUNTED}) (option|answer|choice)s?\b"
    r"|\b(options?|answers?|choices?|ones?) (above|below)\b"
    r"|\b(the|see|as|is|are|listed|named|stated|described|mentioned|shown|given) "
    r"(above|below)(?=[^\w ]| ?$)",
    re.IGNORECASE,
)
_WRAPPED = re.compile(r"^(\*\*|__|[*_$]|\$\$)(.+)\1$", re.DOTALL)


def options_differ(file: PoolFile) -> Iterator[Problem]:
    """No two options of an item read the same, whatever their case and markup.

    Change one of the two, or remove it.
    """
    for item in file.pool.items:
        seen: dict[str, Loc] = {}
        for text, loc in _options(item):
            first = seen.setdefault(_normal(text), loc)
            if first != loc:
                said = f"`{dotted(loc)}`: expected an option of its own, got that of "
                said += f"`{dotted(first)}`; change one of them"
                yield found(file, options_differ, said, item, *loc)


def _normal(text: str) -> str:
    """Reduce an option to what a reader compares: no case, no markup around it."""
    bare = text.strip()
    while match := _WRAPPED.match(bare):
        bare = match[2].strip()
    return compare.normal_text(bare)


def options_stand_alone(file: PoolFile) -> Iterator[Problem]:
    """No option and no refutation speaks of the place of an option.

    Options are shuffled: state what is meant in place of "none of the above", "the
    first option", or "as stated below".
    """
    for item in file.pool.items:
        if not isinstance(item, Choice | Multiple | Order):
            continue
        for text, loc in [*_options(item), *_reasons(item)]:
            match = _SUMMING_UP.search(text) or _POSITION.search(text)
            if match:
                said = f"`{dotted(loc)}`: expected a text that stands alone, got "
                said += f"'{match[0]}'; options are shuffled, so state the content"
                yield found(file, options_stand_alone, said, item, *loc)


def enough_options(file: PoolFile) -> Iterator[Problem]:
    """A multiple choice has four options or more: three are guessed too often.

    Write another wrong option, from another misconception.
    """
    for item in file.pool.items:
        if isinstance(item, Multiple):
            number = len(item.keys) + len(item.wrong)
            if number < FEWEST_OF_MULTIPLE:
                said = f"expected {FEWEST_OF_MULTIPLE} options at least, got {number}; "
                said += "write another wrong one"
                yield found(file, enough_options, said, item, "wrong")


def keys_are_not_the_longest(file: PoolFile) -> Iterator[Problem]:
    """The key of a choice is its longest option about as often as by chance.

    Shorten some of the keys, or lengthen a wrong option of theirs.
    """
    items = [item for item in file.pool.items if isinstance(item, Choice)]
    longest = [item for item in items if _key_is_longest(item)]
    by_chance = sum(1 / (1 + len(item.wrong)) for item in items)
    allowed = by_chance + 0.1 * len(items)
    if len(items) >= FEWEST_TO_COUNT and len(longest) > allowed:
        said = (
            f"the key is the longest option of {len(longest)} choice items of "
            f"{len(items)}; expected {int(allowed)} at most. Shorten the key or "
            "lengthen a wrong option: " + ", ".join(item.id for item in longest)
        )
        place = file.line(longest[0].id, "key")
        yield Problem(file.path, place, rule_id(keys_are_not_the_longest), said)


def _key_is_longest(item: Choice) -> bool:
    return all(len(item.key.text) > len(option.text) for option in item.wrong)


def _options(item: AnyItem) -> Iterator[tuple[str, Loc]]:
    if isinstance(item, Choice):
        yield item.key.text, ("key", "text")
    for name in ("keys", "lines", "distractors"):
        for j, part in enumerate(getattr(item, name, [])):
            if isinstance(part, str):
                yield part, (name, j)
            else:
                yield part.text, (name, j, "text")
    if isinstance(item, Choice | Multiple):
        for j, option in enumerate(item.wrong):
            yield option.text, ("wrong", j, "text")


def _reasons(item: AnyItem) -> Iterator[tuple[str, Loc]]:
    """Yield what is said about options, keys included."""
    yield from refutations(item)
    if isinstance(item, Choice):
        yield item.key.why, ("key", "why")
    for j, key in enumerate(item.keys if isinstance(item, Multiple) else ()):
        yield key.why, ("keys", j, "why")
