"""All that can be said about a pool: valid, well written, true, and graded well."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from selfcheck import coding, guessing, keys, kills, lock, rules
from selfcheck.answers import Json
from selfcheck.compare import compare_number
from selfcheck.config import Config
from selfcheck.load import PoolFile
from selfcheck.model import Code, Numeric
from selfcheck.problems import Problem
from selfcheck.runs import Runner

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

    `runner` and `grade` replace the zygote in tests. With `update_lock` the lock is
    written instead of compared; answers that failed keep their old rows out of it.
    `progress(what, done, total)` is told of every program that ran.
    """

    def told(what: str) -> Callable[[int, int], None]:
        return lambda done, total: progress(what, done, total) if progress else None

    report = Report()
    for rule in rules.RULES:
        report.problems += rule(file)
    found, problems = keys.attempt(file, config, runner, told("keys"))
    report.problems += problems
    report.problems += traps_are_apart(file, found)
    for item in file.pool.items:
        if isinstance(item, Code):
            report.problems += coding.files(file, item)
    report.problems += coding.verdicts(file, config, grade, told("programs"))
    problems, scores = kills.survivors(file, config, grade, told("mutants"))
    report.problems += problems
    if update_lock:
        path = lock.path_of(file)
        path.write_text(lock.render(file, found, config), encoding="utf-8")
        report.notes.append(f"{path}: written")
    else:
        report.problems += lock.changes(file, found)
    report.problems = sorted(set(report.problems))
    report.notes += [*_facts(file), *map(str, scores)]
    return report


def traps_are_apart(file: PoolFile, found: keys.Keys) -> Iterator[Problem]:
    """Yield numeric traps that are nearer to the key than three tolerances."""
    for item in file.pool.items:
        if not isinstance(item, Numeric):
            continue
        for number, answer in enumerate(found.get(item.id, ())):
            for j, trap in enumerate(answer.traps):
                if _near(answer.key, trap):
                    said = f"`traps.{j}`: expected {APART} tolerances between key and "
                    said += f"trap, got {answer.key['value']} and {trap['value']} in "
                    said += f"variant {number}; choose other numbers"
                    loc = ("traps", j, "expr")
                    yield file.problem("traps-are-apart", said, item.id, *loc)


def _near(key: Json, trap: Json) -> bool:
    wide = {name: APART * value for name, value in key["tolerance"].items()}
    return compare_number(str(trap["value"]), key["value"], wide)


def _facts(file: PoolFile) -> Iterator[str]:
    items = file.pool.items
    kinds = {item.type: 0 for item in items}
    for item in items:
        kinds[item.type] += 1
    counted = ", ".join(f"{n} {kind}" for kind, n in kinds.items())
    chance = guessing.pass_by_guessing(file.pool.quiz, items)
    yield f"{len(items)} items: {counted}"
    yield (
        f"guessing passes one attempt with probability {float(chance):.1e} at most "
        f"(allowed: {float(guessing.BOUND):.0e})"
    )
