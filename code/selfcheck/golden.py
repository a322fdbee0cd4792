"""Golden vectors: what the core answers on many inputs, for its twin in the page.

`python -m selfcheck.golden tests/selfcheck/golden.json` writes them. The cases are
chosen by the hash of the sampler alone, so the file depends on nothing else.
"""

import json
import sys
from pathlib import Path
from typing import Any

from selfcheck import sampler, seal, stamps, state
from selfcheck.migrate import upgrade
from selfcheck.rounds import attempts_of
from selfcheck.streams import DRAW, streams, toy_quiz
from selfcheck.verdicts import compare_cases, judge_cases

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
