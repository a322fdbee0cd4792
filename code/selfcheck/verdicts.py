"""Answers and keys of every closed type, with the verdicts, for the golden vectors."""

from typing import Any

from selfcheck import compare

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
