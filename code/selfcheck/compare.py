"""Compare an answer with a key: outputs, numbers, short texts, and orders.

Generous where a difference says nothing about understanding (blanks, commas,
quotes, upper case, 6 for 6.0), strict where it does (brackets, values, order).
The character classes are spelled out, because Python and JavaScript disagree on
what `\\s` and `\\w` match and both must judge alike.
"""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

_DECIMAL = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_SPACE = re.compile("[ \t\r\n\f\v\u00a0\u2007\u202f\ufeff]+")
_TOKEN = re.compile(rf"[A-Za-z_][A-Za-z_0-9]*|[+-]?{_DECIMAL}|[^ ]")
_NUMBER = re.compile(rf"[+-]?{_DECIMAL}")
_FRACTION = re.compile(rf"([+-]?{_DECIMAL}) ?/ ?({_DECIMAL})")
_UNDERSCORE = re.compile(r"([0-9])_(?=[0-9])")
_NAMED = re.compile("([+-]?)(nan|inf|infinity)")
_IGNORED = frozenset(",;'\"`")
_SLACK = 1 + 1e-9  # 0.31 is within 0.01 of 0.3, although 0.31 - 0.3 > 0.01 in binary


def _lower(text: str) -> str:
    return re.sub("[A-Z]+", lambda match: match[0].lower(), text)


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text.replace("\u2212", "-")).strip(" ")


def _named(text: str) -> float | None:
    """Return nan or an infinity when `text` names one, whatever its case."""
    match = _NAMED.fullmatch(_lower(text))
    if match is None:
        return None
    value = math.nan if match[2] == "nan" else math.inf
    return -value if match[1] == "-" else value


def parse_number(text: str) -> float | None:
    """Read `0.5`, `-1e-3`, `1_000`, `1/3`, `nan`, or `inf`; None when it is none.

    A comma is not read: it may mean thousands or decimals.

    >>> parse_number(" 1/4 "), parse_number("1,5")
    (0.25, None)
    """
    plain = _UNDERSCORE.sub(r"\1", _plain(text.replace("`", "")))
    if _NUMBER.fullmatch(plain):
        return float(plain)
    if match := _FRACTION.fullmatch(plain):
        over = float(match[2])
        return float(match[1]) / over if over else None
    return _named(plain)


def _near(value: float, key: float, allowed: float) -> bool:
    if math.isnan(value) or math.isnan(key):
        return math.isnan(value) and math.isnan(key)
    return value == key or abs(value - key) <= allowed * _SLACK


def compare_number(
    answer: str, key: float | str, tolerance: Mapping[str, float]
) -> bool:
    """Say whether `answer` reads as a number within `tolerance` of `key`.

    The tolerance holds `abs`, `rel` (a share of the key's magnitude), or both; the
    wider one counts. A key that JSON cannot hold stands as text: "nan", "-inf".
    """
    value = parse_number(answer)
    target = parse_number(key) if isinstance(key, str) else float(key)
    if value is None or target is None:
        return False
    scale = abs(target) if math.isfinite(target) else 0.0
    allowed = max(tolerance.get("abs", 0.0), tolerance.get("rel", 0.0) * scale)
    return _near(value, target, allowed)


def tokens(text: str) -> list[str | float]:
    """Split an output into words, numbers, and signs; numbers become floats.

    >>> tokens("None, [1. 2e1] 'Mul'")
    ['none', '[', 1.0, 20.0, ']', 'mul']
    """
    found: list[str | float] = []
    for token in _TOKEN.findall(_plain(text)):
        if token in _IGNORED:
            continue
        number = float(token) if _NUMBER.fullmatch(token) else _named(token)
        found.append(_lower(token) if number is None else number)
    return found


def compare_output(
    answer: str, key: str, compare: Mapping[str, Any] | None = None
) -> bool:
    """Say whether a predicted output is the program's output.

    `compare` holds `numbers` (default true: tokens are compared, numbers by value
    with `rtol` 1e-4 and `atol` 1e-6). With `numbers` false every character counts,
    except the width of blanks.
    """
    rule = {"numbers": True, "rtol": 1e-4, "atol": 1e-6} | dict(compare or {})
    if not rule["numbers"]:
        return _plain(answer) == _plain(key)
    ours, theirs = tokens(answer), tokens(key)
    if len(ours) != len(theirs):
        return False
    for a, b in zip(ours, theirs, strict=True):
        if isinstance(a, float) and isinstance(b, float):
            scale = abs(b) if math.isfinite(b) else 0.0
            if not _near(a, b, rule["atol"] + rule["rtol"] * scale):
                return False
        elif a != b:
            return False
    return True


def normal_text(text: str) -> str:
    """Reduce a short answer to what counts: no case, backticks, outer quotes, `()`.

    >>> normal_text(" `Tape.stop_recording()`. ")
    'tape.stop_recording'
    """
    plain = _plain(_lower(text.replace("`", "")))
    plain = re.sub(r" (?![a-z0-9_])|(?<![a-z0-9_]) ", "", plain)
    plain = re.sub(r"\.+$", "", plain)
    plain = re.sub(r"""^(["'])(.*)\1$""", r"\2", plain)
    return re.sub(r"\(\)$", "", plain)


def compare_text(answer: str, accept: Sequence[str]) -> bool:
    """Say whether a short answer is one of the accepted forms."""
    given = normal_text(answer)
    return given != "" and any(given == normal_text(form) for form in accept)


def is_right(
    kind: str,
    key: Mapping[str, Any],
    answer: Mapping[str, Any],
    compare: Mapping[str, Any] | None = None,
) -> bool:
    """Judge an answer to a closed item by its unsealed key.

    Answers are `{"options": [j, ...]}` for choice and multiple, `{"text": str}` for
    output, numeric, and text, `{"lines": [j, ...]}` for order. Raises ValueError
    for `code`: a grader judges that.
    """
    if kind in ("choice", "multiple"):
        return sorted(answer["options"]) == sorted(key["options"])
    if kind == "output":
        return compare_output(answer["text"], key["text"], compare)
    if kind == "numeric":
        return compare_number(answer["text"], key["value"], key["tolerance"])
    if kind == "text":
        return compare_text(answer["text"], key["accept"])
    if kind == "order":
        return list(answer["lines"]) == list(key["lines"])
    raise ValueError(f"expected a closed item type, got '{kind}': grade code instead")


def which_trap(
    kind: str,
    traps: Sequence[Mapping[str, Any]],
    answer: Mapping[str, Any],
    compare: Mapping[str, Any] | None = None,
) -> int | None:
    """Return the index of the first trap that a wrong answer fell into, or None.

    A trap's `answer` has the shape of a key. A trap of an order item names one
    distractor and catches every answer that uses it.
    """
    for index, trap in enumerate(traps):
        if kind == "order":
            caught = set(trap["answer"]["lines"]) <= set(answer["lines"])
        else:
            caught = is_right(kind, trap["answer"], answer, compare)
        if caught:
            return index
    return None
