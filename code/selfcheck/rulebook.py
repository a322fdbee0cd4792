"""Every rule that `selfcheck lint` may report: its id, what it wants, how to mend it.

Rules about the writing of a pool explain themselves in their docstrings. The others
are found while a pool is read, executed, graded, or compared with its locks; what
they want stands here.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass

from selfcheck import rules
from selfcheck.wording import rule_id


@dataclass(frozen=True)
class Known:
    """One rule: `wants` says what has to hold, `mend` what to do when it does not."""

    id: str
    wants: str
    mend: str


FORM = (
    Known(
        "yaml",
        "The file is YAML 1.2: a mapping, no key twice.",
        "Mend the indentation, or quote a text with `: `, `#`, `{`, or a backtick.",
    ),
    Known(
        "missing",
        "Every key that an item, an objective, or a pool needs is there.",
        "Add it; the message says what belongs there.",
    ),
    Known(
        "value",
        "Every value has its type and form, and there is no unknown key.",
        "Mend it; an editor with `pool.schema.json` shows what is possible.",
    ),
    Known(
        "type",
        "Every item has one of the seven types.",
        "Write `type:` with choice, multiple, output, numeric, text, order, or code.",
    ),
    Known(
        "pool",
        "The pool has the name of its folder.",
        "Rename one of the two; progress is kept under this name.",
    ),
    Known(
        "id",
        "Every item has an id that no other item of the book has.",
        "Rename the newer one.",
    ),
    Known(
        "family",
        "A family of siblings has a name that no other pool of the book uses.",
        "Rename it in one of the pools; reviews are kept under this name.",
    ),
    Known(
        "objective",
        "Every item tests an objective of its pool.",
        "Name one that is there, or add it under `objectives`.",
    ),
    Known(
        "vary",
        "`except` speaks of names in `vary`, and leaves a variant.",
        "Mend the name, or leave fewer combinations out.",
    ),
    Known(
        "exam",
        "An exam has the name of its folder.",
        "Rename one of the two; progress is kept under this name.",
    ),
    Known(
        "pools",
        "An exam lists pools of the book, each of them once.",
        "Mend the name, or remove it.",
    ),
    Known(
        "anchor",
        "The anchor of each objective labels a section with a title; told at build.",
        "Write `(label)=` above the heading of the section that teaches it.",
    ),
)
KEYS = (
    Known(
        "patch",
        "The text that a `patch` replaces stands in the program exactly once.",
        "Quote more of the line.",
    ),
    Known(
        "run",
        "Every program runs, twice with the same answer, short and without addresses.",
        "Mend it; seed what is random, sort what has no order, print less.",
    ),
    Known(
        "evidence",
        "Every evidence program ends without an exception.",
        "Find out whether the key or the program is wrong, and mend that one.",
    ),
    Known(
        "code",
        "A coding item has its reference solution.",
        "Write it to `right/reference.py`, or name it under `reference`.",
    ),
    Known(
        "trap",
        "No wrong answer is the key or another wrong answer, in any variant.",
        "Change it, or leave that combination out with `except`.",
    ),
    Known(
        "traps-are-apart",
        "Numeric traps are three tolerances from the key and from each other.",
        "Choose other numbers, or a smaller tolerance.",
    ),
)
PROGRAMS = (
    Known(
        "code-files",
        "A coding item has starter, checks, reference, two right programs or more, "
        "and three wrong ones whose first line is `# fails: <check>`.",
        "Write what is missing; wrong programs come from mistakes that readers make.",
    ),
    Known(
        "code-right",
        "Every program in `right/` is accepted, with every seed of hidden inputs.",
        "Mend the program, or the check that is too strict.",
    ),
    Known(
        "code-wrong",
        "Every program in `wrong/` fails first at the check that it names; starter "
        "and empty file fail, too.",
        "Write a check that tells it apart, or mend the order of the checks.",
    ),
    Known(
        "code-time",
        "Every right program is graded in a quarter of the item's timeout.",
        "Let the checks compute less, or give the item a longer `timeout`.",
    ),
    Known(
        "code-mutants",
        "Checks notice four of five slips that are made in the reference.",
        "Write a check that the survivor fails, or excuse it in `survivors.txt`.",
    ),
    Known(
        "code-survivors",
        "`survivors.txt` names survivors that exist, each with a reason.",
        "Remove the entry, or write the reason on an indented line below it.",
    ),
)
LOCKS = (
    Known(
        "lock",
        "Every executed answer is the one that was reviewed: its hash is in "
        "`keys.lock`.",
        "Read what changed; when it is right, run `selfcheck lint --update-lock`.",
    ),
    Known(
        "ids",
        "Every id stays, keeps its type, and is in `ids.lock`.",
        "Bring the item back, give a changed question a new id, or write `retired` "
        "behind the row; `selfcheck lint --update-lock` adds new ids.",
    ),
)


def rulebook() -> dict[str, tuple[Known, ...]]:
    """Return all rules, under what they are about."""
    return {
        "the form of the file": FORM,
        "the writing": tuple(map(_explained, rules.RULES)),
        "executed answers": KEYS,
        "programs": PROGRAMS,
        "locks": LOCKS,
    }


def _explained(rule: Callable[..., object]) -> Known:
    wants, _, mend = (inspect.getdoc(rule) or "").partition("\n\n")
    return Known(rule_id(rule), " ".join(wants.split()), " ".join(mend.split()))
