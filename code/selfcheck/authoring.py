"""What the commands for authors of quizzes do: check, execute, print schemas."""

import argparse
import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from selfcheck.commands import book_of, count, keys_ran

if TYPE_CHECKING:
    from selfcheck.config import Config
    from selfcheck.lint import Report
    from selfcheck.load import PoolFile

HERE = Path(__file__).parent


def lint(options: argparse.Namespace) -> int:
    """Check pools and exams, or explain the rules."""
    from selfcheck import exam
    from selfcheck.lint import lint, lint_exam

    if options.rules:
        _rules()
        return 0
    book = book_of(options)
    for slug in options.pool:
        book.quiz_file(slug)  # an unknown name is an error, and says which exist
    wanted = set(options.pool) or {*book.slugs(), *book.exams()}
    pools = _pools(book, wanted)
    exams = [exam.load_quiz(slug, book) for slug in book.exams() if slug in wanted]
    well = True
    for file in pools:
        report = lint(file, book, update_lock=options.update_lock, progress=count)
        well &= _told(file.slug, report)
    for file in exams:
        well &= _told(file.slug, lint_exam(file))
    return 0 if well else 1


def _pools(book: "Config", wanted: set[str]) -> "list[PoolFile]":
    """Return the wanted pools; what is wrong with others does not keep them out."""
    from selfcheck import load
    from selfcheck.problems import PoolError

    slugs = [slug for slug in book.slugs() if slug in wanted]
    try:
        return [file for file in load.load_all(book) if file.slug in wanted]
    except PoolError as error:
        own = [p for p in error.problems if p.path.parent.name in wanted]
        if own:
            raise PoolError(own) from None
    return load.load_some(book, slugs)


def _told(slug: str, report: "Report") -> bool:
    for problem in report.problems:
        print(problem)
    for note in report.notes:
        print(f"{slug}: {note}")
    errors = sum(problem.severity == "error" for problem in report.problems)
    print(f"{slug}: {errors or 'no'} error{'s' * (errors != 1)}")
    return report.ok


def _rules() -> None:
    """Print every rule with what it wants and how to mend what breaks it."""
    from selfcheck.rulebook import rulebook

    for title, known in rulebook().items():
        print(f"Rules about {title}\n")
        for rule in known:
            print(f"  {rule.id}")
            for text in (rule.wants, rule.mend):
                print(textwrap.indent(textwrap.fill(text, 80), "      "))
            print()


def keys(options: argparse.Namespace) -> int:
    """Execute keys and print them."""
    from selfcheck import keys, load
    from selfcheck.spoken import Question

    book = book_of(options)
    file = load.load(book.pool_file(options.pool), book)
    names = [options.item] if options.item else list(file.index)
    for name in names:
        file.item(name)  # an unknown name is an error before anything runs
    found = keys.resolve(file, book, progress=keys_ran)
    for name in names:
        for number, answer in enumerate(found[name]):
            question = Question.of(file, found, name, number)
            values = "".join(f" {k}={v}" for k, v in question.values.items())
            print(f"{name}{values}\n  key   {json.dumps(answer.key)}")
            for trap in answer.traps:
                print(f"  trap  {json.dumps(trap)}")
    return 0


def schema(options: argparse.Namespace) -> int:
    """Print or write the schema of pool or exam files."""
    from selfcheck import exam, model

    part = exam if options.exam else model
    text = json.dumps(part.schema(), indent=2) + "\n"
    if options.write:
        path = HERE / f"{'exam' if options.exam else 'pool'}.schema.json"
        path.write_text(text, encoding="utf-8")
        print(f"{path}: written")
    else:
        print(text, end="")
    return 0
