"""Keys and wrong answers of an item in the shape in which a page unseals them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from selfcheck import compare
from selfcheck.load import PoolFile
from selfcheck.model import AnyItem, Choice, Code, Multiple, Numeric, Order, Output
from selfcheck.problems import Problem
from selfcheck.programs import reference
from selfcheck.variants import combinations, fill, key_indices

Json = dict[str, Any]


@dataclass(frozen=True)
class Answers:
    """The key of one variant and its traps' answers, shaped as the page needs them."""

    key: Json
    traps: tuple[Json, ...] = ()


def of_item(
    file: PoolFile, item: AnyItem, values: Mapping[tuple[int, str], Any]
) -> tuple[Answers, ...]:
    """Return the answers of each variant: executed `values`, or what is written.

    Raises OSError when a coding item has no reference solution.
    """
    return tuple(
        _of_variant(file, item, number, filling, values)
        for number, filling in enumerate(combinations(item))
    )


def _of_variant(
    file: PoolFile,
    item: AnyItem,
    number: int,
    filling: Mapping[str, Any],
    values: Mapping[tuple[int, str], Any],
) -> Answers:
    if isinstance(item, Choice | Multiple):
        return Answers({"options": key_indices(item, file.pool.pool)})
    if isinstance(item, Order):
        right = key_indices(item, file.pool.pool)
        places = range(len(right) + len(item.distractors))
        extra = [j for j in places if j not in right]
        return Answers({"lines": right}, tuple({"lines": [j]} for j in extra))
    if isinstance(item, Code):
        return Answers({"source": reference(item, file.folder)})
    if isinstance(item, Output):
        texts = [
            values.get((number, f"trap.{j}"), fill(trap.answer or "", filling))
            for j, trap in enumerate(item.wrong)
        ]
        key = {"text": values[number, "key"]}
        return Answers(key, tuple({"text": text} for text in texts))
    if isinstance(item, Numeric):
        rule = item.tolerance.model_dump(exclude_none=True)
        numbers = [values[number, f"trap.{j}"] for j in range(len(item.traps))]
        shaped = [{"value": _json(x), "tolerance": rule} for x in numbers]
        key = {"value": _json(values[number, "key"]), "tolerance": rule}
        return Answers(key, tuple(shaped))
    forms = [[fill(form, filling) for form in trap.accept] for trap in item.traps]
    accept = {"accept": [fill(form, filling) for form in item.accept]}
    return Answers(accept, tuple({"accept": form} for form in forms))


def _json(number: float) -> float | str:
    return number if math.isfinite(number) else str(float(number))


def clashes(file: PoolFile, item: AnyItem, answers: Sequence[Answers]) -> list[Problem]:
    """Find wrong answers that are right, or equal to another wrong answer."""
    rule = item.compare.model_dump() if isinstance(item, Output) else None
    field = "wrong" if isinstance(item, Output) else "traps"
    problems = []
    for number, answer in enumerate(answers):
        which = f"in variant {number} {combinations(item)[number]} " * bool(item.vary)
        earlier = [("the key", answer.key)]
        for j, trap in enumerate(answer.traps if not isinstance(item, Order) else ()):
            for name, other in earlier:
                if _equal(item.type, other, trap, rule):
                    text = (
                        f"`{field}.{j}`: expected a wrong answer of its own; {which}"
                        f"it is the same as {name} ({_shown(trap)}); change it"
                        + " or leave that variant out with `except`"
                        * bool(which)
                    )
                    problems.append(file.problem("trap", text, item.id, field, j))
            earlier.append((f"`{field}.{j}`", trap))
    return problems


def _equal(kind: str, key: Json, trap: Json, rule: Json | None) -> bool:
    if kind == "output":
        return compare.compare_output(trap["text"], key["text"], rule)
    if kind == "numeric":
        text = str(trap["value"])
        return compare.compare_number(text, key["value"], key["tolerance"])
    return any(compare.compare_text(form, key["accept"]) for form in trap["accept"])


def _shown(answer: Json) -> str:
    value = answer.get("text", answer.get("value", answer.get("accept")))
    return repr(value if not isinstance(value, str) else value.strip())
