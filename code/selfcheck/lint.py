"""All that can be said about a pool: valid, well written, true, and graded well."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from selfcheck import coding, guessing, ids, keys, kills, lock, rules, upgrade
from selfcheck.answers import Answers, Json
from selfcheck.compare import compare_number
from selfcheck.config import Config
from selfcheck.exam import ExamFile
from selfcheck.load import PoolFile
from selfcheck.model import Code, Numeric
from selfcheck.problems import Problem
from selfcheck.runs import Runner
from selfcheck.submissions import missing

Progress = Callable[[str, int, int], None]
APART = 3  # tolerances between a trap and the key, so that a near miss is no trap


@dataclass
class Report:
    """The findings about one pool, and what is worth knowing beside them."""

    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether there is no error; warnings do not count."""
        return not any(problem.severity == "error" for problem in self.problems)


def lint(
    file: PoolFile,
    config: Config,
    *,
    update_lock: bool = False,
    runner: Runner | None = None,
    grade: coding.Grade | None = None,
    progress: Progress | None = None,
) -> Report:
    """Check a valid pool against all rules, execute its keys, grade its programs.

    `runner` and `grade` replace the zygote in tests. With `update_lock` the locks
    are written before they are compared: what still differs no update can mend.
    `progress(what, done, total)` is told of every program that ran.
    """

    def told(what: str) -> Callable[[int, int], None]:
        return lambda done, total: progress(what, done, total) if progress else None

    report = Report()
    for rule in rules.RULES:
        report.problems += rule(file)
    found, problems = keys.attempt(file, config, runner, told("keys"))
    report.problems += [*problems, *traps_are_apart(file, found)]
    for item in file.pool.items:
        if isinstance(item, Code):
            report.problems += missing(file, item)
    report.problems += coding.verdicts(file, config, grade, told("programs"))
    problems, scores = kills.survivors(file, config, grade, told("mutants"))
    report.problems += problems
    report.notes += _facts(file)
    report.notes += _locks(report, file, config, found, update_lock)
    report.problems = sorted(set(report.problems))
    report.notes += map(str, scores)
    return report


def lint_exam(file: ExamFile) -> Report:
    """Check an exam's rules; its pools have reports of their own."""
    report = Report(notes=list(_facts(file)))
    for rule in rules.EXAM_RULES:
        report.problems += rule(file)
    return report


def _locks(
    report: Report, file: PoolFile, config: Config, found: keys.Keys, write: bool
) -> list[str]:
    """Write or compare the locks; return what is to be noted about them."""
    notes = []
    if write:
        texts = {
            lock.path_of(file): lock.render(file, found, config),
            ids.path_of(file): ids.render(file),
        }
        for path, text in texts.items():
            path.write_text(text, encoding="utf-8")
            notes.append(f"{path}: written")
    elif moved := upgrade.note(file, found, config):
        notes.append(moved)
    report.problems += [*ids.changes(file), *upgrade.changes(file, found, config)]
    return notes


def traps_are_apart(file: PoolFile, found: keys.Keys) -> Iterator[Problem]:
    """Yield numeric traps nearer than three tolerances to the key or another trap."""
    for item in file.pool.items:
        if not isinstance(item, Numeric):
            continue
        for number, answer in enumerate(found.get(item.id, ())):
            for j, trap in enumerate(answer.traps):
                for name, other in _before(answer, j):
                    if _near(other, trap):
                        said = f"`traps.{j}`: expected {APART} tolerances between "
                        said += f"{name} and trap, got {other['value']} and "
                        said += f"{trap['value']} in variant {number}; choose other "
                        said += "numbers"
                        loc = ("traps", j, "expr")
                        yield file.problem("traps-are-apart", said, item.id, *loc)


def _before(answer: Answers, j: int) -> list[tuple[str, Json]]:
    """Return the key and the traps before the j-th, with their names."""
    earlier = [(f"`traps.{n}`", trap) for n, trap in enumerate(answer.traps[:j])]
    return [("key", answer.key), *earlier]


def _near(key: Json, trap: Json) -> bool:
    wide = {name: APART * value for name, value in key["tolerance"].items()}
    return compare_number(str(trap["value"]), key["value"], wide)


def _facts(file: PoolFile | ExamFile) -> Iterator[str]:
    kinds: dict[str, int] = {}
    for item in file.items:
        kinds[item.type] = kinds.get(item.type, 0) + 1
    counted = ", ".join(f"{n} {kind}" for kind, n in kinds.items())
    chance = guessing.pass_by_guessing(file.quiz, file.items)
    yield f"{len(file.items)} items: {counted}"
    yield (
        f"guessing passes one attempt with probability {float(chance):.1e} at most "
        f"(allowed: {float(guessing.BOUND):.0e})"
    )
