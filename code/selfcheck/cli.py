"""The command line: `selfcheck lint|take|grade|keys|schema|progress`."""

import argparse
import json
import sys
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

from selfcheck import config, load, model, problems

EPILOG = """\
Pools are looked for from the current folder upwards (selfcheck.toml); --pools or the
environment variable SELFCHECK_POOLS name another folder.
"""
SCHEMA = Path(__file__).with_name("pool.schema.json")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status (0 well, 1 findings, 2 cannot run)."""
    options = _parser().parse_args(arguments)
    # Imported late: it takes pydantic's and the sandbox's time, --help takes none.
    from selfcheck.sandbox import SandboxError

    try:
        return options.run(options)
    except problems.PoolError as error:
        print(error, file=sys.stderr)
        return 1
    except (config.ConfigError, SandboxError, OSError, ValueError) as error:
        print(f"selfcheck: {error}", file=sys.stderr)
        return 2
    except KeyError as error:
        print(f"selfcheck: {error.args[0]}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nselfcheck: interrupted", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="selfcheck",
        description="Quizzes of a book: check them, take them, grade programs.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--pools", type=Path, metavar="DIR", help="folder of the pools")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace], int], text: str
    ) -> argparse.ArgumentParser:
        found = commands.add_parser(name, help=text, description=text)
        found.set_defaults(run=run)
        return found

    sub = command("take", _take, "Take a quiz in this terminal.")
    sub.add_argument("pool", help="name of the quiz, such as tape")
    sub.add_argument("--seed", help="draw the sample of this seed")
    practice = "nothing counts, nothing is kept, everything is explained"
    sub.add_argument("--practice", action="store_true", help=practice)

    sub = command("grade", _grade, "Grade a program as a page would.")
    sub.add_argument("item", metavar="POOL/ITEM", help="such as tape/mend-step")
    sub.add_argument("file", metavar="FILE", help="the program; - reads it from stdin")
    example = "run the item's visible example instead of its checks"
    sub.add_argument("--example", action="store_true", help=example)
    sub.add_argument("--json", action="store_true", help="print the record as JSON")

    sub = command("lint", _lint, "Check pools: form, wording, every key, every grader.")
    sub.add_argument("pool", nargs="*", help="names of pools; default: all")
    lock = "accept the answers computed now: write keys.lock"
    sub.add_argument("--update-lock", action="store_true", help=lock)
    sub.add_argument("--rules", action="store_true", help="list the rules and stop")

    sub = command("keys", _keys, "Execute the keys of a pool and print them.")
    sub.add_argument("pool", help="name of the pool")
    sub.add_argument("item", nargs="?", help="one item of it")

    sub = command("schema", _schema, "Print the JSON schema of pool files.")
    sub.add_argument("--write", action="store_true", help=f"write it to {SCHEMA.name}")

    sub = command("progress", _progress, "Move your progress to or from a file.")
    sub.add_argument("action", choices=["path", "export", "import"])
    sub.add_argument("file", nargs="?", type=Path, help="the file to write or read")
    return parser


def _book(options: argparse.Namespace) -> config.Config:
    return config.read(options.pools) if options.pools else config.find()


def _count(what: str, done: int, total: int) -> None:
    """Show progress on a terminal's error stream."""
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(
            f"\rrunning {what}: {done}/{total} ", end=end, file=sys.stderr, flush=True
        )


def _take(options: argparse.Namespace) -> int:
    from selfcheck import keys
    from selfcheck.asking import Console
    from selfcheck.progress import Store
    from selfcheck.take import Taking

    book = _book(options)
    file = load.load(book.pool_file(options.pool), book)
    found = keys.resolve(file, book, progress=lambda d, t: _count("keys", d, t))
    store = None if options.practice else Store(book.book)
    Taking(file, book, found, Console(), store).run(options.seed)
    return 0


def _grade(options: argparse.Namespace) -> int:
    from selfcheck.grade import grade, run_example
    from selfcheck.take import show_record

    source = _program(options.file)
    judge = run_example if options.example else grade
    record = judge(options.item, source, config=_book(options))
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


def _lint(options: argparse.Namespace) -> int:
    from selfcheck.lint import lint

    if options.rules:
        _rules()
        return 0
    book = _book(options)
    files = load.load_all(book)
    for slug in options.pool:
        book.pool_file(slug)  # an unknown name is an error, and says which exist
    failed = False
    for file in files:
        if options.pool and file.pool.pool not in options.pool:
            continue
        report = lint(file, book, update_lock=options.update_lock, progress=_count)
        for problem in report.problems:
            print(problem)
        for note in report.notes:
            print(f"{file.pool.pool}: {note}")
        errors = sum(problem.severity == "error" for problem in report.problems)
        print(f"{file.pool.pool}: {errors or 'no'} error{'s' * (errors != 1)}")
        failed |= not report.ok
    return int(failed)


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


def _keys(options: argparse.Namespace) -> int:
    from selfcheck import keys
    from selfcheck.spoken import Question

    book = _book(options)
    file = load.load(book.pool_file(options.pool), book)
    names = [options.item] if options.item else list(file.index)
    for name in names:
        file.item(name)  # an unknown name is an error before anything runs
    found = keys.resolve(file, book, progress=lambda d, t: _count("keys", d, t))
    for name in names:
        for number, answer in enumerate(found[name]):
            question = Question.of(file, found, name, number)
            values = "".join(f" {k}={v}" for k, v in question.values.items())
            print(f"{name}{values}\n  key   {json.dumps(answer.key)}")
            for trap in answer.traps:
                print(f"  trap  {json.dumps(trap)}")
    return 0


def _schema(options: argparse.Namespace) -> int:
    text = json.dumps(model.schema(), indent=2) + "\n"
    if options.write:
        SCHEMA.write_text(text, encoding="utf-8")
        print(f"{SCHEMA}: written")
    else:
        print(text, end="")
    return 0


def _progress(options: argparse.Namespace) -> int:
    from selfcheck.progress import Store

    store = Store(_book(options).book)
    if options.action != "path" and options.file is None:
        raise ValueError(f"expected a file: selfcheck progress {options.action} FILE")
    if options.action == "path":
        print(store.path)
    elif options.action == "export":
        store.export_to(options.file)
        print(f"Written to {options.file}.")
    else:
        taken = store.import_from(options.file)
        print(f"Taken over: {', '.join(taken) or 'no quiz'}.")
    for note in store.notes:
        print(note)
    return 0


if __name__ == "__main__":
    sys.exit(main())
