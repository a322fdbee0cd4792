"""What the commands for readers do; each returns its exit status.

Modules that take time to import are imported where they are used, so that help and
usage errors are there at once.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from selfcheck import config

if TYPE_CHECKING:
    from selfcheck.progress import Store


def book_of(options: argparse.Namespace) -> config.Config:
    """Return the book whose pools are meant."""
    return config.read(options.pools) if options.pools else config.find()


def count(what: str, done: int, total: int) -> None:
    """Show progress on a terminal's error stream."""
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(
            f"\rrunning {what}: {done}/{total} ", end=end, file=sys.stderr, flush=True
        )


def keys_ran(done: int, total: int) -> None:
    """Show how many keys were executed."""
    count("keys", done, total)


def take(options: argparse.Namespace) -> int:
    """Take a quiz or an exam, or practice it."""
    from selfcheck import exam
    from selfcheck.asking import Console
    from selfcheck.practice import Practice
    from selfcheck.progress import Store
    from selfcheck.take import Taking

    book = book_of(options)
    file = exam.load_quiz(options.quiz, book)
    found = exam.resolve(file, book, progress=keys_ran)
    sitting = Practice if options.practice else Taking
    sitting(file, book, found, Console(), Store(book.book)).run(options.seed)
    return 0


def review(options: argparse.Namespace) -> int:
    """Ask what is due."""
    from selfcheck.asking import Console
    from selfcheck.cards import decks
    from selfcheck.progress import Store
    from selfcheck.review import Reviewing

    book, console = book_of(options), Console()
    if options.pool:
        book.pool_file(options.pool)  # an unknown name is an error, not an empty deck
    found = decks(book, console, Store(book.book), keys_ran)
    Reviewing(found, console, options.pool).run()
    return 0


def progress(options: argparse.Namespace) -> int:
    """Show where the reader stands, or move the record."""
    from selfcheck.progress import Store
    from selfcheck.standing import overview

    book = book_of(options)
    store = Store(book.book)
    if options.action is None:
        print(overview(book, store))
    elif options.action == "path":
        print(store.path)
    elif options.what is None:
        wanted = "a quiz" if options.action == "reset" else "a file"
        usage = f"selfcheck progress {options.action} {wanted.split()[1].upper()}"
        raise ValueError(f"expected {wanted}: {usage}")
    elif options.action == "export":
        store.export_to(Path(options.what))
        print(f"Written to {options.what}.")
    elif options.action == "import":
        taken = store.import_from(Path(options.what))
        print(f"Taken over: {', '.join(taken) or 'no quiz'}.")
    else:
        _reset(book, store, options.what)
    for note in store.notes:
        print(note)
    return 0


def _reset(book: config.Config, store: "Store", slug: str) -> None:
    from selfcheck import exam
    from selfcheck.standing import outline

    quiz = outline(exam.load_quiz(slug, book), book)
    store.apply(quiz, {"type": "reset"})
    print(f"The rounds of {slug} are forgotten; what you saw and your reviews stay.")


def grade(options: argparse.Namespace) -> int:
    """Grade a program, or run its example."""
    from selfcheck.desk import show_record
    from selfcheck.grade import grade, run_example

    source = _program(options.file)
    judge = run_example if options.example else grade
    record = judge(options.item, source, config=book_of(options))
    if options.json:
        print(json.dumps(record.data(), indent=1, ensure_ascii=False))
    else:
        print(f"{record.item}: {record.verdict} ({record.seconds:.1f} s)")
        show_record(record, print)
    return 0 if record.verdict == "right" else 1


def _program(name: str) -> str:
    """Return a program as it is: grading tells of bytes that are no UTF-8."""
    if name != "-":
        data = Path(name).read_bytes()
    elif hasattr(sys.stdin, "buffer"):
        data = sys.stdin.buffer.read()
    else:
        return sys.stdin.read()
    return data.decode("utf-8", "surrogateescape")
