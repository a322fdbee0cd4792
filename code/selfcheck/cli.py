"""The command line: `selfcheck take|review|progress|grade|lint|keys|schema`."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from selfcheck import authoring, commands, config, problems

EPILOG = """\
Pools are looked for from the current folder upwards (selfcheck.toml); --pools or the
environment variable SELFCHECK_POOLS name another folder. Your progress is kept in
~/.local/share/selfcheck (or under $XDG_DATA_HOME), one file per book; the pages of
the book read and write the same form with their own export and import.
"""
TAKE = """\
Take a quiz or an exam in this terminal. An attempt is drawn from the pool; it goes on
where you left it. Before each verdict you are asked how sure you are (Enter leaves it
open). A round is a few attempts; after a round without a pass the next one waits
until the missed sections were read and some minutes have passed. Practice has
neither limits nor a gate, and with --seed it asks the same questions of everybody.
"""
REVIEW = """\
Ask what is due: questions that were asked in a quiz come back after some days, as a
sibling where there is one. Those that you were sure of and missed come first.
"""
PROGRESS = """\
Show where you stand: objectives per quiz, what is due, and how often you were right
when you were sure. Or move your progress: `path` prints where it is kept, `export
FILE` writes it, `import FILE` takes over what a page or another machine exported,
`reset QUIZ` forgets the rounds of a quiz, yet neither what you saw nor your reviews.
"""

Add = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


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
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="selfcheck",
        description="Quizzes of a book: take them, review them, write and check them.",
        epilog=EPILOG,
        formatter_class=plain,
    )
    parser.add_argument("--pools", type=Path, metavar="DIR", help="folder of the pools")
    listed = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace], int], text: str
    ) -> argparse.ArgumentParser:
        short = text.split(":")[0].split(". ")[0].rstrip(".\n").replace("\n", " ")
        found = listed.add_parser(
            name, help=short, description=text, formatter_class=plain
        )
        found.set_defaults(run=run)
        return found

    _for_readers(command)
    _for_authors(command)
    return parser


def _for_readers(command: Add) -> None:
    sub = command("take", commands.take, TAKE)
    sub.add_argument("quiz", help="name of the quiz or the exam, such as tape")
    sub.add_argument("--seed", help="draw the sample of this seed")
    practice = "nothing counts, everything is explained, no limits"
    sub.add_argument("--practice", action="store_true", help=practice)

    sub = command("review", commands.review, REVIEW)
    sub.add_argument("pool", nargs="?", help="only questions of this pool")

    sub = command("progress", commands.progress, PROGRESS)
    actions = ["path", "export", "import", "reset"]
    sub.add_argument("action", nargs="?", choices=actions)
    sub.add_argument("what", nargs="?", metavar="FILE or QUIZ")

    sub = command("grade", commands.grade, "Grade a program as a page would.")
    sub.add_argument("item", metavar="POOL/ITEM", help="such as tape/mend-step")
    sub.add_argument("file", metavar="FILE", help="the program; - reads it from stdin")
    example = "run the item's visible example instead of its checks"
    sub.add_argument("--example", action="store_true", help=example)
    sub.add_argument("--json", action="store_true", help="print the record as JSON")


def _for_authors(command: Add) -> None:
    sub = command("lint", authoring.lint, "Check pools and exams against every rule.")
    sub.add_argument("pool", nargs="*", help="names of pools or exams; default: all")
    lock = "accept today's answers and ids: write keys.lock and ids.lock"
    sub.add_argument("--update-lock", action="store_true", help=lock)
    sub.add_argument("--rules", action="store_true", help="explain all rules and stop")

    sub = command("keys", authoring.keys, "Execute the keys of a pool and print them.")
    sub.add_argument("pool", help="name of the pool")
    sub.add_argument("item", nargs="?", help="one item of it")

    sub = command("schema", authoring.schema, "Print the JSON schema of pool files.")
    sub.add_argument("--exam", action="store_true", help="that of exam files instead")
    sub.add_argument("--write", action="store_true", help="write it beside the code")


if __name__ == "__main__":
    sys.exit(main())
