"""Golden vectors: what the core answers on many inputs, for its twin in the page.

`python -m selfcheck.golden tests/selfcheck/golden.json` writes them. The cases are
chosen by the hash of the sampler alone, so the file depends on nothing else.
"""

import json
import sys
from pathlib import Path
from typing import Any

from selfcheck import compare, sampler, seal, stamps, state
from selfcheck.migrate import upgrade
from selfcheck.rounds import attempts_of
from selfcheck.streams import DRAW, streams, toy_quiz

COMPACT: dict[str, Any] = {"separators": (",", ":")}
TEXTS = ["", "tape", "a|b", "Größe", "日本", "🧮", "x" * 100, "order|tape-watch"]


def sample_cases() -> list[dict[str, Any]]:
    """Return draws from fresh, used, partly retired, and too small pools."""
    cases = []
    for n in range(60):
        quiz = toy_quiz(f"p{n % 7}", per_slot=2 + n % 4)
        items = [
            {key: item[key] for key in ("id", "stratum", "family")}
            for item in quiz["items"]
        ]
        names = [item["id"] for item in items]
        seen = {i: sampler.h53(f"s{n}{i}") % 3 for i in names} if n % 3 else {}
        retired = [i for i in names if n % 4 == 3 and sampler.h53(f"r{n}{i}") % 3 == 0]
        draw = DRAW | {"output": 20} if n % 20 == 19 else DRAW
        case = {
            "items": items,
            "draw": draw,
            "seed": f"seed-{n}",
            "seen": seen,
            "retired": retired,
        }
        try:
            case["expect"] = sampler.sample(items, draw, case["seed"], seen, retired)
        except sampler.PoolTooSmallError:
            case["expect"] = None
        cases.append(case)
    return cases + _inherited_names()


def _inherited_names() -> list[dict[str, Any]]:
    """Return draws of items named like what every object of JavaScript inherits."""
    names = ["constructor", "other", "valueof", "another"]
    items = [{"id": name, "stratum": "choice", "family": name} for name in names]
    seen = {"other": 1, "valueof": 1, "another": 1}
    return [
        {
            **{"items": items, "draw": {"choice": 1}, "seed": f"n{n}"},
            **{"seen": seen, "retired": []},
            "expect": sampler.sample(items, {"choice": 1}, f"n{n}", seen),
        }
        for n in range(8)
    ]


NUMBERS = [
    *("0.5", " 1e-3 ", "1/3", "-2 / 4", "1_000", "1,5", "", "abc", "1/0", "−3", "`7`"),
    *("nan", "NaN", "-inf", "Infinity", "+2.", ".5", "1e999", "1__0", "--1", "5%"),
    *("0x10", "1e", "3.0000001", "0.31", "0.3100001", "-0"),
]
KEYS: list[tuple[float | str, dict[str, float]]] = [
    (0.5, {"abs": 0}),
    (0.3, {"abs": 0.01}),
    (1000, {"rel": 1e-3}),
    (-3, {"abs": 1e-6, "rel": 0.5}),
    ("nan", {"abs": 0.1}),
    ("-inf", {"rel": 0.1}),
    ("inf", {"abs": 0}),
    (0, {"rel": 0.1}),
]
OUTPUTS = [
    *("6.0", "6", "[6.]", "[ 6.0 ]", "[1. 2. 3.]", "[1, 2, 3]", "[1 2\n 3]"),
    *(
        "[[1. 2. 3.]]",
        "None",
        "none",
        "`None`",
        "None 3",
        "None, 3",
        "['Mul', 'AddV2']",
    ),
    *('["mul" "addv2"]', "['Mul']", "nan inf", "NaN -inf", "", "−1.5", "-1.50001"),
    *("1e-9", "0", "-0.0", "3.0003", "3", "np.float32(1.5)", "a-3", "🧮 ü", "🧮  Ü"),
]
RULES: list[dict[str, Any] | None] = [
    None,
    {"numbers": False},
    {"numbers": True, "rtol": 1e-2, "atol": 0},
]
ACCEPT = [
    ["stop_recording", "tape.stop_recording"],
    ["x + y"],
    ["persistent=True"],
    ["None"],
]
SHORT = [
    *(
        "stop_recording",
        "`stop_recording()`",
        "tape.stop_recording ( )",
        "Stop recording",
    ),
    *(
        "x+y",
        "X  +  Y.",
        "persistent = true",
        "'persistent=True'",
        '"None"',
        "none.",
        "",
    ),
    *("stop_recording(x)", "…", "()", "None()"),
]


def compare_cases() -> dict[str, list[dict[str, Any]]]:
    """Return every answer of the tables above against every key."""
    return {
        "parse_number": [
            {"text": text, "expect": _plain(compare.parse_number(text))}
            for text in NUMBERS
        ],
        "compare_number": [
            {
                "answer": text,
                "key": key,
                "tolerance": tolerance,
                "expect": compare.compare_number(text, key, tolerance),
            }
            for text in NUMBERS
            for key, tolerance in KEYS
        ],
        "compare_output": [
            {
                "answer": a,
                "key": b,
                "compare": rule,
                "expect": compare.compare_output(a, b, rule),
            }
            for i, a in enumerate(OUTPUTS)
            for j, b in enumerate(OUTPUTS)
            if abs(i - j) < 4
            for rule in RULES
        ],
        "compare_text": [
            {"answer": a, "accept": b, "expect": compare.compare_text(a, b)}
            for a in SHORT
            for b in ACCEPT
        ],
    }


def _plain(value: float | None) -> float | str | None:
    """Write what JSON cannot hold as text: "nan", "inf", "-inf"."""
    if value is None or abs(value) < float("inf"):
        return value
    return str(value)


def judge_cases() -> list[dict[str, Any]]:
    """Return answers to each closed type, with the verdict and the trap they hit."""
    number = {"value": 6.0, "tolerance": {"abs": 0.01}}
    table: list[tuple[str, dict, list[dict], list[dict]]] = [
        ("choice", {"options": [2]}, [], [{"options": [2]}, {"options": [0]}]),
        (
            "multiple",
            {"options": [0, 3]},
            [],
            [{"options": [3, 0]}, {"options": [0]}, {"options": [0, 1, 3]}],
        ),
        (
            "output",
            {"text": "12.0 6.0\n"},
            [{"answer": {"text": "12.0 None"}}, {"answer": {"text": "3"}}],
            [{"text": "12 6"}, {"text": "12, none"}, {"text": "3.0"}, {"text": "?"}],
        ),
        (
            "numeric",
            number,
            [{"answer": number | {"value": 5.0}}],
            [{"text": "6"}, {"text": "5.005"}, {"text": "5.5"}, {"text": "six"}],
        ),
        (
            "text",
            {"accept": ["watch"]},
            [{"answer": {"accept": ["record", "recording"]}}],
            [{"text": "Watch()"}, {"text": "recording"}, {"text": "trace"}],
        ),
        (
            "order",
            {"lines": [2, 0, 3]},
            [{"answer": {"lines": [1]}}, {"answer": {"lines": [4]}}],
            [{"lines": [2, 0, 3]}, {"lines": [0, 2, 3]}, {"lines": [2, 4, 3, 0]}],
        ),
    ]
    return [
        {
            "type": kind,
            "key": key,
            "traps": traps,
            "answer": answer,
            "right": compare.is_right(kind, key, answer),
            "trap": compare.which_trap(kind, traps, answer),
        }
        for kind, key, traps, answers in table
        for answer in answers
    ]


def migrate_cases() -> list[dict[str, Any]]:
    """Return records of schema 1 and what they become, before and after `load`."""
    cases = []
    for n, stream in enumerate(streams()[:3]):
        quiz, done = stream["quizzes"][0], stream["expect"]
        old = {name: done[name] for name in ("rounds", "seen", "retired")}
        old = json.loads(json.dumps(old))
        for entry in (e for a in attempts_of(old) for e in a["items"]):
            del entry["stratum"]
        if n == 2:
            del old["retired"]
        data = {"schema": 1, "book": "toy", "theme": "dark", "quizzes": {"q": old}}
        new = upgrade(data)
        event = {"type": "load", "now": "2026-06-01T00:00:00.000Z"}
        loaded = state.reduce(quiz, new["quizzes"]["q"], event)
        case = {"from": data, "expect": new, "quiz": quiz, "event": event}
        cases.append(case | {"loaded": loaded})
    return cases


def stamp_cases() -> list[dict[str, Any]]:
    """Return texts, whether they are times, and a wait after those that are."""
    texts = [
        *("2026-03-01T00:00:00.000Z", "2024-02-29T23:59:59.999Z", "1999-12-31"),
        *("2026-02-30T00:00:00.000Z", "2026-03-01T00:00:00Z", "", "yesterday"),
        *("2026-03-01T24:00:00.000Z", "2026-03-01T00:00:00.000+01:00", "~"),
        *("1970-01-01T00:00:00.000Z", "2026-3-1T00:00:00.000Z"),
    ]
    cases = []
    for text in texts:
        valid = stamps.is_stamp(text)
        then = stamps.later(text, days=21, minutes=10) if valid else None
        cases.append({"text": text, "expect": [valid, then]})
    return cases


def build() -> dict[str, Any]:
    """Return all vectors, ready for JSON."""
    order = [(f"item-{n}", 2 + n % 5, f"s{n % 11}") for n in range(40)]
    blobs = [(text, "5a17c0de", f"tape-{i}|0|key") for i, text in enumerate(TEXTS)]
    seeds = (0, 1, 2**32 - 1, 2**53 - 1)
    return {
        "schema": 2,
        "h53": [
            {"text": text, "seed": seed, "expect": sampler.h53(text, seed)}
            for text in TEXTS
            for seed in seeds
        ],
        "sample": sample_cases(),
        "variant": [
            {"item": i, "count": n, "seed": s, "expect": sampler.variant(i, n, s)}
            for i, n, s in order
        ],
        "option_order": [
            {"item": i, "n": n, "seed": s, "expect": sampler.option_order(i, n, s)}
            for i, n, s in order
        ],
        "seal": [
            {"text": t, "salt": s, "label": m, "expect": seal.seal(t, s, m)}
            for t, s, m in blobs
        ],
        **compare_cases(),
        "judge": judge_cases(),
        "stamp": stamp_cases(),
        "migrate": migrate_cases(),
        "reduce": streams(),
    }


def dump() -> str:
    """Return the vectors as JSON, one case a line, so that a change reads well."""
    groups = []
    for name, cases in build().items():
        if isinstance(cases, list):
            lines = [
                json.dumps(case, ensure_ascii=False, allow_nan=False, **COMPACT)
                for case in cases
            ]
            groups.append(f'"{name}": [\n' + ",\n".join(lines) + "\n]")
        else:
            groups.append(f'"{name}": {json.dumps(cases)}')
    return "{\n" + ",\n".join(groups) + "\n}\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(dump(), encoding="utf-8")
