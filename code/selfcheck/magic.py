"""The cell magic `%%grade tape/clip`: grade the program in its cell.

When an attempt with that question is open in the reader's record, the cell is one of
its submissions, and the output says so. Otherwise grading is free.
"""

import html
import sys
from collections.abc import Mapping
from typing import Any

from selfcheck import exam, payload, state
from selfcheck.config import Config, find
from selfcheck.progress import Store

Json = Mapping[str, Any]
FREE = "No open attempt asks this question: the grading was free."


class Verdict:
    """What grading found, as an output."""

    def __init__(self, record: Any, counted: str = "") -> None:
        self.record, self.counted = record, counted

    def __repr__(self) -> str:
        from selfcheck.desk import show_record

        lines = [f"{self.record.item}: {self.record.verdict}"]
        show_record(self.record, lines.append)
        return "\n".join([*lines, self.counted]).rstrip()

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        record = self.record.data()
        rows = "".join(
            f"<li>{'✓' if check['ok'] else '✗'} {html.escape(check['name'])}</li>"
            for check in record["checks"]
        )
        message = html.escape(record["message"])
        page = f"<strong>{html.escape(record['verdict'])}</strong><ul>{rows}</ul>"
        return {
            "text/plain": repr(self),
            "text/html": page
            + (f"<pre>{message}</pre>" if message else "")
            + (f"<p>{html.escape(self.counted)}</p>" if self.counted else ""),
            "application/vnd.selfcheck.grade.v1+json": record,
        }


def grade_cell(line: str, cell: str) -> Verdict:
    """`%%grade POOL/ITEM`: grade the program in this cell, in a process of its own."""
    from selfcheck.grade import grade

    config, address = find(), line.strip()
    record = grade(address, cell, config=config)
    return Verdict(record, _count(config, Store(config.book), address, cell, record))


def _count(config: Config, store: Store, address: str, cell: str, record: Any) -> str:
    """Let a grading be a submission of the attempt that asks for it; say which."""
    name = address.partition("/")[2]
    slug = _asking(config, store, address)
    if slug is None:
        return FREE
    if record.verdict == "refused":
        return f"The attempt of {slug} has not used a submission."
    file = exam.load_quiz(slug, config)
    quiz = payload.public(file, exam.resolve(file, config), config.book)
    store.apply(quiz, {"type": "load"})
    before = _tries(store, slug, name)
    event = {"type": "answer", "item": name, "answer": {"source": cell}}
    store.apply(quiz, event | {"right": record.verdict == "right"})
    used = _tries(store, slug, name)
    if used == before:
        return FREE
    total = next(item["tries"] for item in quiz["items"] if item["id"] == name)
    return f"This was submission {used} of {total} in the open attempt of {slug}."


def _asking(config: Config, store: Store, address: str) -> str | None:
    """Return the quiz whose open attempt asks an item; of several the latest one."""
    pool, _, name = address.partition("/")
    found = []
    for slug, kept in store.read()["quizzes"].items():
        attempt = state.current(kept)
        known = slug == pool or slug in config.exams()
        if attempt and known and any(_is_open(e, name) for e in attempt["items"]):
            found.append((attempt["started"], slug))
    return max(found)[1] if found else None


def _is_open(entry: Json, name: str) -> bool:
    return entry["id"] == name and entry["state"] == "open"


def _tries(store: Store, slug: str, name: str) -> int:
    rounds = store.quiz(slug)["rounds"]
    entries = rounds[-1]["attempts"][-1]["items"] if rounds else []
    return sum(len(entry["tries"]) for entry in entries if entry["id"] == name)


def register() -> None:
    """Make `%%grade` known where there is IPython; elsewhere nobody misses it."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None:
        shell.register_magic_function(grade_cell, "cell", "grade")
