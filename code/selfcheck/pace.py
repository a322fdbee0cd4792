"""Whether a right program is graded well within the time that its item allows.

A reader's machine may be several times slower than the author's, and their program
slower than the reference; so what is right has to need a quarter of the limit at
most. Times are measured while programs are graded, two at a time; one that took too
long is measured again alone before it is reported.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from selfcheck.load import PoolFile
from selfcheck.model import Code
from selfcheck.problems import Problem
from selfcheck.submissions import Submission

SHARE = 4
AGAIN = 2
Graded = tuple[Submission, int, dict[str, Any]]


def limit(item: Code) -> float:
    """Return how many seconds a right program may take."""
    return item.timeout / SHARE


def too_slow(
    file: PoolFile,
    graded: Iterable[Graded],
    measure: Callable[[Submission, int], float],
) -> Iterator[Problem]:
    """Yield right programs that take too long; their records keep the shortest time.

    `measure(submission, seed)` grades a program again and returns its seconds.
    """
    for submission, seed, record in graded:
        item = file.item(submission.item)
        if submission.fails is not None or record["verdict"] != "right":
            continue
        assert isinstance(item, Code)
        for _ in range(AGAIN):
            if record["seconds"] > limit(item):
                record["seconds"] = min(record["seconds"], measure(submission, seed))
        if record["seconds"] > limit(item):
            said = f"{submission.item}: expected a right program to be graded in "
            said += f"{limit(item):g} s, a quarter of the item's timeout, got "
            said += f"{record['seconds']:.1f} s; make the checks smaller, or give the "
            said += "item a longer `timeout`"
            yield Problem(submission.path, 1, "code-time", said)
